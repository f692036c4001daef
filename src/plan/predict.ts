import { withoutConfinement } from '../access/confinement.ts';
import { judgeContents } from '../access/contents-use.ts';
import { type JudgedAccess, judgeAccess } from '../access/judge-access.ts';
import type { Facts } from '../model/facts.ts';
import type { PlanStep } from '../model/plan.ts';
import { applySteps } from './apply-steps.ts';

/** True when, with these steps done, all that was seen lets the service reach, list and write its storage. */
export function predictsFullAccess(facts: Facts, steps: readonly PlanStep[]): boolean {
  const after = withoutConfinement(applySteps(facts, steps));
  const { walk, root, identity } = judgeAccess(after);
  if (walk?.passable !== 'yes' || !root || root.readOnlyMount || root.immutable) return false;
  if (!identity || judgeContents(after, identity).kind !== 'usable') return false;
  return [root.search, root.list, root.create].every(({ access }) => access === 'allowed');
}

/** True when the service may do at each place, with these steps done, whatever it may do there with the others. */
export function clearsAsMuch(facts: Facts, steps: readonly PlanStep[], others: readonly PlanStep[]): boolean {
  const wanted = allowedIn(judgeAccess(applySteps(facts, others)));
  const given = new Set(allowedIn(judgeAccess(applySteps(facts, steps))));
  return wanted.every((use) => given.has(use));
}

function allowedIn({ walk, root }: JudgedAccess): string[] {
  const passed = (walk?.visits ?? []).filter(({ step }) => step.access === 'allowed').map(({ step }) => step.path);
  const used = (['search', 'list', 'create'] as const).filter((use) => root?.[use].access === 'allowed');
  return [...passed, ...used];
}
