import type { ApplyOutcome } from '../model/execution.ts';
import type { Plan } from '../model/plan.ts';

/**
 * What a host told of a plan, or `unknown` where that is no answer about this plan: it tells of other steps than the plan has, of
 * more, of fewer, or in another order. Then nobody knows what was done there, and the host is asked again.
 */
export function toldOfPlan(plan: Plan, told: ApplyOutcome): ApplyOutcome {
  if (!('steps' in told)) return told;
  const isOurs =
    told.steps.length === plan.steps.length &&
    plan.steps.every(({ path, from }, index) => told.steps[index]?.path === path && told.steps[index].before === from);
  return isOurs ? told : { kind: 'unknown', why: 'the host told of other steps than the plan has' };
}
