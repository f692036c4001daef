import type { Actor } from '../../model/record/actor.ts';
import type { Incident } from '../../model/record/incident.ts';
import { endPlan } from '../plan/end-plan.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editStatus } from '../record/messages.ts';
import { numbersAtEnd } from '../record/read-entries.ts';
import { recordAct } from '../record/record-act.ts';

/** Which part of the bot saw that the registry is healthy. `badSince`: the first of the bad looks of monitoring before, if it has seen any. */
export type SeenHealthy = {
  readonly by: Extract<Actor, { kind: 'bot' }>['part'];
  readonly badSince?: Date | null;
};

/** Ends an open incident because its registry is healthy, and supersedes its undecided plans. */
export async function resolveIncident(
  tx: RecordTransaction,
  incident: Incident,
  now: Date,
  { by, badSince = null }: SeenHealthy,
): Promise<void> {
  if (!(await tx.moveIncident(incident.id, ['open'], { state: 'resolved', closedAt: now.toISOString() }))) return;
  for (const stored of await tx.plansIn(['proposed'], incident.host)) {
    if (stored.plan.incidentId === incident.id)
      await endPlan(tx, stored, 'supersede', { now, why: { code: 'healthy-again' } });
  }
  const numbers = await numbersAtEnd(tx, incident.id, now, badSince);
  await recordAct(tx, incident, {
    act: 'incident-resolved',
    actor: { kind: 'bot', part: by },
    now,
    outcome: { afterMs: millisecondsOpen(incident, now), numbers },
  });
  await editStatus(tx, incident.id, { resolvedAt: now.toISOString(), numbers });
}

/** How long the incident has been open, in milliseconds. */
function millisecondsOpen(incident: Incident, now: Date): number {
  return now.getTime() - Date.parse(incident.openedAt);
}
