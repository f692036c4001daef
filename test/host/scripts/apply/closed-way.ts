import { after } from 'node:test';
import type { Plan, PlanStep } from '../../../../src/model/plan/plan.ts';
import { samplePlan } from '../../sample-plan.ts';
import { hostPath, ScratchTree } from '../../scratch-tree.ts';
import { forget } from './apply-run.ts';

/** A storage root behind two directories that are closed to the service. */
export function closedWay(innerMode = 0o700) {
  const tree = new ScratchTree();
  const outer = tree.directory(tree.at('outer'), 0o750);
  const inner = tree.directory(tree.at('outer/inner'), innerMode);
  return { tree, outer, inner, root: tree.directory(tree.at('outer/inner/root'), 0o755) };
}

/** Makes plans for the storage root of the moment; what hosts keep of them is gone at the end of the suite. */
export function plansFor(root: () => Buffer) {
  const plans: Plan[] = [];
  after(() => forget(plans));
  const planOf = (steps: readonly PlanStep[], parts: Partial<Plan> = {}): Plan => {
    const plan = samplePlan({ steps: [...steps], storageRoot: hostPath(root()), ...parts });
    plans.push(plan);
    return plan;
  };
  return { plans, planOf };
}
