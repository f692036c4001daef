import type { PlanState } from '../model/plan/plan.ts';

/** What can happen to a plan. */
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

type Transition = { readonly from: PlanState; readonly event: PlanEvent; readonly to: PlanState; readonly why: string };

/** The whole life of a plan. What is not in this table cannot happen. */
export const PLAN_TRANSITIONS: readonly Transition[] = [
  { from: 'proposed', event: 'endorse', to: 'proposed', why: 'somebody who may has said yes; more of them have to' },
  {
    from: 'proposed',
    event: 'approve',
    to: 'approved',
    why: 'as many as have to have said yes; the intent is on record',
  },
  {
    from: 'proposed',
    event: 'break-glass',
    to: 'approved',
    why: 'whoever holds a break-glass key has said why; the intent is on record, and Slack is told later',
  },
  { from: 'proposed', event: 'reject', to: 'rejected', why: 'somebody who may has said no' },
  { from: 'proposed', event: 'expire', to: 'expired', why: 'nobody decided in time' },
  { from: 'proposed', event: 'supersede', to: 'superseded', why: 'the host was looked at again since' },
  { from: 'approved', event: 'start', to: 'executing', why: 'from here on the host may have been touched' },
  { from: 'approved', event: 'expire', to: 'expired', why: 'it waited too long for another plan, or for the bot' },
  { from: 'approved', event: 'supersede', to: 'superseded', why: 'the host was looked at again before it could begin' },
  { from: 'executing', event: 'succeed', to: 'applied', why: 'the host says that every step is done' },
  { from: 'executing', event: 'find-stale', to: 'stale', why: 'the host had changed; nothing was touched' },
  { from: 'executing', event: 'undo', to: 'undone', why: 'it did not help or did not work; all is as before' },
  { from: 'executing', event: 'fail', to: 'failed', why: 'it was refused, never started, or a person has to look' },
];

/** The state after the event, or null if that event cannot happen in this state. */
export function nextPlanState(state: PlanState, event: PlanEvent): PlanState | null {
  return PLAN_TRANSITIONS.find((transition) => transition.from === state && transition.event === event)?.to ?? null;
}

/** Final states have no transition: such a plan never runs (again). */
export function isFinal(state: PlanState): boolean {
  return !PLAN_TRANSITIONS.some((transition) => transition.from === state);
}
