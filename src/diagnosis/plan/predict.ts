import type { Facts } from '../../model/host/facts.ts';
import type { PlanStep } from '../../model/plan/plan.ts';
import { applySteps } from '../access/after/apply-steps.ts';
import { type JudgedAccess, judgeAccess } from '../access/judge-access.ts';
import { withoutConfinement } from '../access/kernel/confinement.ts';

/**
 * True if, after these steps, all known facts let the service reach, list and write its storage, and use the files that
 * it needs outside it.
 */
export function predictsFullAccess(facts: Facts, steps: readonly PlanStep[]): boolean {
  const judged = judgeAccess(withoutConfinement(applySteps(facts, steps)));
  if (judged.filesBeside.some(({ path, trouble }) => path.used.usedBy === null && trouble !== null)) return false;
  if (judged.walk === null) return facts.storageRoot.state !== 'known';
  if (judged.contents.use?.kind !== 'usable') return false;
  return [judged, ...judged.inner].every(isUsable);
}

function isUsable({ walk, root }: JudgedAccess): boolean {
  if (walk?.passable !== 'yes' || !root || root.readOnlyMount || root.immutable) return false;
  return [root.search, root.list, root.create].every(({ access }) => access === 'allowed');
}

/** True if, after these steps, the service can do everything on each path that it could do after `others`. */
export function clearsAsMuch(facts: Facts, steps: readonly PlanStep[], others: readonly PlanStep[]): boolean {
  const wanted = allowedIn(judgeAccess(applySteps(facts, others)));
  const given = new Set(allowedIn(judgeAccess(applySteps(facts, steps))));
  return wanted.every((use) => given.has(use));
}

function allowedIn(judged: JudgedAccess): string[] {
  const files = judged.paths.filter(({ file }) => file?.judgement.access === 'allowed').map(({ used }) => used.path);
  return [...[judged, ...judged.inner].flatMap(allowedOnWay), ...files];
}

function allowedOnWay({ walk, root, usedPath }: JudgedAccess): string[] {
  const passed = (walk?.visits ?? []).filter(({ step }) => step.access === 'allowed').map(({ step }) => step.path);
  const used = (['search', 'list', 'create'] as const)
    .filter((use) => root?.[use].access === 'allowed')
    .map((use) => `${use} ${usedPath?.path ?? ''}`);
  return [...passed, ...used];
}
