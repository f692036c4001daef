import type { Plan } from '../model/plan/plan.ts';
import type { Act } from '../model/record/audit.ts';
import type { PlanCall } from '../model/record/messages/people.ts';
import type { Policy } from '../model/settings/settings.ts';

/** In the order in which they are made. */
export const CALLS: readonly PlanCall[] = ['reminder', 'escalation'];

/** The act of each call on the record. */
export const ACT_OF_CALL = { reminder: 'approvers-reminded', escalation: 'plan-escalated' } as const satisfies Record<
  PlanCall,
  Act
>;

/** What is known of a plan that waits for a decision. */
export type WaitingPlan = {
  readonly plan: Pick<Plan, 'createdAt' | 'expiresAt'>;
  /** The calls that people have had for it. */
  readonly made: ReadonlySet<PlanCall>;
  /** Someone is on its incident, so no one has to be called. */
  readonly isAcknowledged: boolean;
};

type CallPolicy = Pick<Policy, 'approvers' | 'remindMinutes' | 'escalateAfterMinutes' | 'escalateTo'>;

/** The calls for which it is time now, each at most once a plan, the reminder first. */
export function callsDue({ plan, made, isAcknowledged }: WaitingPlan, policy: CallPolicy, now: Date): PlanCall[] {
  if (isAcknowledged || now.getTime() >= Date.parse(plan.expiresAt)) return [];
  const times = callTimes(plan, policy);
  const isDue = (call: PlanCall) => !made.has(call) && times[call] !== null && times[call] <= now.getTime();
  return CALLS.filter(isDue);
}

/**
 * When people are called to the plan, in milliseconds. Null: never, because there is no one to call, or because the plan
 * would be just made or over by then.
 */
export function callTimes(plan: WaitingPlan['plan'], policy: CallPolicy): Readonly<Record<PlanCall, number | null>> {
  const [from, to] = [Date.parse(plan.createdAt), Date.parse(plan.expiresAt)];
  const remindBeforeMs = policy.remindMinutes === null ? (to - from) / 2 : policy.remindMinutes * MINUTE_MS;
  const within = (at: number) => (from < at && at < to ? at : null);
  return {
    reminder: policy.approvers === null ? null : within(to - remindBeforeMs),
    escalation: policy.escalateTo === null ? null : within(from + policy.escalateAfterMinutes * MINUTE_MS),
  };
}

const MINUTE_MS = 60_000;
