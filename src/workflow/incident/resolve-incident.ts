import type { Incident } from '../../model/record/incident.ts';
import { endPlan } from '../plan/end-plan.ts';
import type { RecordTransaction } from '../ports.ts';
import { editStatus } from '../record/messages.ts';
import { recordAct } from '../record/record-act.ts';

/** Ends an open incident because its registry is healthy, and supersedes its undecided plans. */
export async function resolveIncident(
  tx: RecordTransaction,
  incident: Incident,
  now: Date,
  seenBy: 'watch' | 'workflow',
): Promise<void> {
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
