import type { Facts } from '../../model/host/facts.ts';
import type { PlanStep } from '../../model/plan/plan.ts';
import { placeOnHost } from '../access/kernel/host-place.ts';

/**
 * The step with the host's path, where it is applied. The walk was in the tree of the registry's process. Null: no path
 * of the host leads there.
 */
export function stepOnHost(facts: Facts, step: PlanStep | null): PlanStep | null {
  const place = step === null ? null : placeOnHost(facts, step.path);
  return step === null || place === null ? null : { ...step, path: place.path };
}
