import type { PlanState } from '../model/plan/plan.ts';

/** An event in the life of a plan. */
export type PlanEvent =
  | 'endorse'
  | 'approve'
  | 'break-glass'
  | 'reject'
  | 'expire'
  | 'supersede'
  | 'start'
  | 'succeed'
  | 'find-stale'
  | 'undo'
  | 'fail';

type Transition = { readonly from: PlanState; readonly event: PlanEvent; readonly to: PlanState };

/** The whole life of a plan. What is not in this table cannot happen. */
export const PLAN_TRANSITIONS: readonly Transition[] = [
  // An approver has approved, and more approvals are needed.
  { from: 'proposed', event: 'endorse', to: 'proposed' },
  // The last approval that was needed was given.
  { from: 'proposed', event: 'approve', to: 'approved' },
  // The holder of a break-glass key has given a reason. Slack learns of it later.
  { from: 'proposed', event: 'break-glass', to: 'approved' },
  { from: 'proposed', event: 'reject', to: 'rejected' },
  { from: 'proposed', event: 'expire', to: 'expired' },
  // The host was diagnosed again.
  { from: 'proposed', event: 'supersede', to: 'superseded' },
  // From here on the host may have been changed.
  { from: 'approved', event: 'start', to: 'executing' },
  // It waited too long for another plan, or for the bot.
  { from: 'approved', event: 'expire', to: 'expired' },
  { from: 'approved', event: 'supersede', to: 'superseded' },
  { from: 'executing', event: 'succeed', to: 'applied' },
  // The host had changed, and nothing was touched.
  { from: 'executing', event: 'find-stale', to: 'stale' },
  // It did not help or did not work, and everything is as before.
  { from: 'executing', event: 'undo', to: 'undone' },
  // The host refused it, it never started, or a person has to check.
  { from: 'executing', event: 'fail', to: 'failed' },
];

/** The state after the event. Null: the event can't happen in this state. */
export function nextPlanState(state: PlanState, event: PlanEvent): PlanState | null {
  return PLAN_TRANSITIONS.find((transition) => transition.from === state && transition.event === event)?.to ?? null;
}

/** Whether the state is final. A plan in a final state never runs again. */
export function isFinal(state: PlanState): boolean {
  return !PLAN_TRANSITIONS.some((transition) => transition.from === state);
}
