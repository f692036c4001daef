import type { Plan } from '../../model/plan/plan.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { showPlanState } from './show-plan-state.ts';

/** One change on a host at a time: approved plans of a host run one after the other, the oldest approval first. */

/** The plan that has to be over before this approved one can start; null when it is its turn. */
export async function planAhead(tx: RecordTransaction, plan: Plan): Promise<Plan | null> {
  const [first] = await tx.executionQueue(plan.host);
  return first === undefined || first.plan.id === plan.id ? null : first.plan;
}

/** Shows on the card of each waiting plan which one it waits for, and on the first that it waits for none. */
export async function showQueue(tx: RecordTransaction, host: HostName): Promise<void> {
  const [first, ...waiting] = await tx.executionQueue(host);
  if (first === undefined) return;
  await showPlanState(tx, first.plan, first.state);
  for (const { plan, state } of waiting) await showPlanState(tx, plan, state, { waitsFor: first.plan.id });
}

/** Removes an approved plan that will not run: nothing of it has started, and others no longer wait for it. */
export async function leaveQueue(tx: RecordTransaction, plan: Plan, now: Date): Promise<void> {
  const execution = await tx.execution(plan.id);
  if (execution?.finishedAt === null) {
    await tx.finishExecution({ ...execution, finishedAt: now.toISOString(), outcome: { kind: 'never-started' } });
  }
  await leaveIncident(tx, plan);
  await showQueue(tx, plan.host);
}

/**
 * Returns the incident of a plan that changed nothing to its earlier state. A failed undo does not reopen a closed
 * incident.
 */
export async function leaveIncident(tx: RecordTransaction, { incidentId }: Plan): Promise<void> {
  const isOver = (await tx.incident(incidentId))?.closedAt != null;
  await tx.moveIncident(incidentId, ['executing'], { state: isOver ? 'resolved' : 'open' });
}
