import type { Actor } from '../../model/record/actor.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import { isHealthy } from '../host/ask-registry.ts';
import { endPlan } from '../plan/end-plan.ts';
import type { RecordTransaction } from '../ports.ts';
import { editStatus } from '../record/messages.ts';
import { recordAct } from '../record/record-act.ts';

/** How it is known that the registry is healthy. `own-word`: it says so. `diagnosis`: its storage was checked too. */
type Proof = 'own-word' | 'diagnosis';

type SeenBy = Extract<Actor, { kind: 'bot' }>['part'];

/**
 * The registry of this host is healthy: resolves its open incidents, each in its own message, and supersedes their
 * undecided plans. An incident whose plan is running is left to that plan. An incident that the registry's own answer
 * never showed is left to a diagnosis.
 */
export async function resolveOpenIncidents(
  tx: RecordTransaction,
  host: HostName,
  now: Date,
  seen: { readonly by: SeenBy; readonly proof: Proof },
): Promise<void> {
  for (const incident of await tx.incidentsIn(['open'], host)) {
    if (seen.proof === 'diagnosis' || (await wasRegistryUnwell(tx, incident))) {
      await resolveIncident(tx, incident, now, seen.by);
    }
  }
}

/**
 * Whether the registry itself said that it was unhealthy when the incident was diagnosed. If it did not (a disabled
 * health check, an unmounted disk), a good answer later proves nothing.
 */
async function wasRegistryUnwell(tx: RecordTransaction, incident: Incident): Promise<boolean> {
  const diagnosis = await tx.diagnosis(incident.id);
  return diagnosis === null || !isHealthy(diagnosis);
}

async function resolveIncident(tx: RecordTransaction, incident: Incident, now: Date, seenBy: SeenBy): Promise<void> {
  if (!(await tx.moveIncident(incident.id, ['open'], { state: 'resolved', closedAt: now.toISOString() }))) return;
  for (const stored of await tx.plansIn(['proposed'], incident.host)) {
    if (stored.plan.incidentId === incident.id)
      await endPlan(tx, stored, 'supersede', { now, why: { code: 'healthy-again' } });
  }
  await recordAct(tx, incident, {
    act: 'incident-resolved',
    actor: { kind: 'bot', part: seenBy },
    now,
    outcome: { afterMs: millisecondsOpen(incident, now) },
  });
  await editStatus(tx, incident.id, { resolvedAt: now.toISOString() });
}

/** How long the incident has been open, in milliseconds. */
function millisecondsOpen(incident: Incident, now: Date): number {
  return now.getTime() - Date.parse(incident.openedAt);
}
