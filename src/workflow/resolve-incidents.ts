import type { HostName } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { isWell } from './ask-registry.ts';
import { diagnosisShown, editStatus, postRecordLine } from './messages.ts';
import type { RecordTransaction } from './ports.ts';
import { supersedeOpenPlans } from './supersede-plans.ts';

/**
 * The registry of this host is well: its open incidents end, each in its own message, and plans nobody decided on go with
 * them. An incident whose plan runs just now is left to that.
 */
export async function resolveOpenIncidents(
  tx: RecordTransaction,
  host: HostName,
  now: Date,
  seenBy: 'watch' | 'workflow',
): Promise<void> {
  const open = await tx.incidentsIn(['open'], host);
  if (open.length === 0) return;
  await supersedeOpenPlans(tx, host, now, 'the registry is well again');
  for (const incident of open) await resolveIncident(tx, incident, now, seenBy);
}

/**
 * Whether the registry's own word was bad when the incident was diagnosed. Where it was good (a health check switched
 * off, a disk that is not mounted), a good word later proves nothing, and must not end the incident.
 */
export async function wasRegistryUnwell(tx: RecordTransaction, incident: Incident): Promise<boolean> {
  const diagnosis = await diagnosisShown(tx, incident.id);
  return diagnosis === null || !isWell(diagnosis);
}

async function resolveIncident(
  tx: RecordTransaction,
  incident: Incident,
  now: Date,
  seenBy: 'watch' | 'workflow',
): Promise<void> {
  if (!(await tx.moveIncident(incident.id, ['open'], { state: 'resolved', closedAt: now.toISOString() }))) return;
  const entry = await tx.appendAudit({
    at: now.toISOString(),
    incidentId: incident.id,
    actor: { kind: 'bot', part: seenBy },
    act: 'incident-resolved',
    planId: null,
    planHash: null,
    outcome: { afterMs: millisecondsOpen(incident, now) },
  });
  await postRecordLine(tx, incident.host, entry);
  await editStatus(tx, incident.id, { resolvedAt: now.toISOString() });
}

/** From the incident's opening until now. */
export function millisecondsOpen(incident: Incident, now: Date): number {
  return now.getTime() - Date.parse(incident.openedAt);
}
