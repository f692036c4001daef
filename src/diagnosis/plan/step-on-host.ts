import type { Facts } from '../../model/host/facts.ts';
import type { PlanStep } from '../../model/plan/plan.ts';
import { placeOnHost } from '../access/kernel/host-place.ts';

/**
 * The step with the path that its directory has on the host, where the step is applied. Null: the registry's process
 * has the directory at a path that the host does not have.
 */
export function stepOnHost(facts: Facts, step: PlanStep | null): PlanStep | null {
  const place = step === null ? null : placeOnHost(facts, step.path);
  return step === null || place === null ? null : { ...step, path: place.path };
}
