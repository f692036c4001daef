import { judgeAccess } from '../access/judge-access.ts';
import type { Facts } from '../model/facts.ts';
import type { PlanStep } from '../model/plan.ts';
import { applySteps } from './apply-steps.ts';

/** True when, with these steps done, all that was seen lets the service reach, list and write its storage root. */
export function predictsFullAccess(facts: Facts, steps: readonly PlanStep[]): boolean {
  const { walk, root } = judgeAccess(applySteps(facts, steps));
  if (walk?.passable !== 'yes' || !root || root.readOnlyMount) return false;
  return [root.search, root.list, root.create].every(({ access }) => access === 'allowed');
}
