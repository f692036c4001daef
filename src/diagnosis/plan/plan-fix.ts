import { knownValue } from '../../model/fact.ts';
import type { Facts, Identity } from '../../model/host/facts.ts';
import type { PlanAlternative, PlanDraft, PlanStep } from '../../model/plan/plan.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { processOfOtherAccount } from '../access/kernel/service-account.ts';
import { type MissingPermission, narrowerStepFor, stepFor } from './grant-missing.ts';
import { innerDirectorySteps } from './plan-inner-directories.ts';
import { modesBackSteps } from './plan-modes-back.ts';
import { ownerStep, ownershipSteps } from './plan-ownership.ts';
import { clearsAsMuch, predictsFullAccess } from './predict.ts';
import { riskOf } from './risk.ts';
import { stepOnHost } from './step-on-host.ts';
import { fileTargets, innerTargets, rootTarget, type Target } from './targets.ts';

/**
 * The most steps of one plan, which is also the guard's limit. A path with more closed directories was not closed by
 * mistake.
 */
const MAX_STEPS = 64;
const MAX_ALSO = 16;

type StepOf = (missing: MissingPermission) => PlanStep | null;

/**
 * The smallest change of permissions that lets the service use everything it needs. One plan covers every closed
 * directory on the path to the storage, the storage root and the contents below it, also behind symlinks and on other
 * mounts, and the files that the service needs outside the storage. Null if no change of permissions is right, or if it
 * is not proven what blocks the service.
 */
export function planFix(judged: JudgedAccess): PlanDraft | null {
  const { facts, identity, walk } = judged;
  if (!identity || !isServiceKnown(judged)) return null;
  const root = walk ? rootTarget(judged) : null;
  // If the storage is not in a directory, only files outside the storage can be opened.
  if (root === null && (walk || facts.storageRoot.state === 'known')) return null;
  const stepOf = (missing: MissingPermission) => stepOnHost(facts, stepFor(facts, identity, missing));
  const targets = openable([...(root ? [root] : []), ...innerTargets(judged), ...fileTargets(judged)], stepOf);
  if (root !== null && targets[0]?.also !== null) return null;
  const opening = [...stepsFor(targets, stepOf), ...ownerSteps(targets, identity, facts)];
  const below = [...ownershipSteps(judged), ...innerDirectorySteps(judged)].flatMap(
    (step) => stepOnHost(facts, step) ?? [],
  );
  const fixing = [...opening, ...below];
  // Restoring modes fixes nothing, so it is a plan of its own and not part of a plan that does.
  const steps = fixing.length > 0 ? fixing : modesBackSteps(judged);
  const also = targets.flatMap((target) => target.also ?? []);
  if (steps.length === 0 || steps.length > MAX_STEPS || also.length > MAX_ALSO) return null;
  const narrower = [
    ...stepsFor(targets, (missing) => stepOnHost(facts, narrowerStepFor(facts, identity, missing))),
    ...ownerSteps(targets, identity, facts),
    ...below,
  ];
  const alternatives: PlanAlternative[] =
    isNarrower(narrower, steps) && clearsAsMuch(facts, narrower, steps)
      ? [{ kind: 'narrower-acl', steps: narrower }]
      : [];
  return {
    host: facts.host,
    bootId: knownValue(facts.bootId),
    hostname: facts.hostname,
    ...(facts.uptimeSeconds.state === 'known' ? { uptimeSeconds: facts.uptimeSeconds.value } : {}),
    risk: riskOf(steps, identity),
    identity,
    storageRoot: knownValue(facts.storageRoot),
    ...(also.length === 0 ? {} : { also }),
    steps,
    ...(facts.enteredBy.length === 0 ? {} : { enteredBy: facts.enteredBy }),
    ...(facts.view.kind === 'host' ? {} : { process: { pid: facts.view.pid, startTicks: facts.view.startTicks } }),
    clearsEveryBlocker: predictsFullAccess(facts, steps),
    ...(alternatives.length === 0 ? {} : { alternatives }),
  };
}

/**
 * Whether it is certain who uses the storage: the running process is known and is the service's, or it is known that
 * none runs. Another identity might need other bits, and an older config can name another storage.
 */
function isServiceKnown({ facts, disk, newerConfig }: JudgedAccess): boolean {
  const isTheService = facts.process.state !== 'unknown' && processOfOtherAccount(facts) === null;
  return isTheService && newerConfig === null && disk.staleView === null;
}

/**
 * The targets that can be opened. If one closed directory on a path can't be, opening the others on it is useless. A
 * missing permission at the end of a path is left out if it can't be granted.
 */
function openable(targets: readonly Target[], stepOf: StepOf): Target[] {
  return targets.flatMap((target): Target[] => {
    if (target.way.some((missing) => stepOf(missing) === null)) return [];
    const end = target.end !== null && stepOf(target.end) !== null ? target.end : null;
    const isRoot = target.also === null;
    return isRoot || target.way.length > 0 || end !== null || target.own !== null ? [{ ...target, end }] : [];
  });
}

/** One step for each directory that should belong to the service, because two paths can end at the same one. */
function ownerSteps(targets: readonly Target[], { uid, user }: Identity, facts: Facts): PlanStep[] {
  const nodes = new Map(targets.flatMap(({ own }) => (own ? [[`${own.device}:${own.inode}`, own]] : [])));
  return [...nodes.values()].flatMap((node) => stepOnHost(facts, ownerStep(node, { uid, user })) ?? []);
}

/**
 * The steps for all targets. A path can lead through the storage root itself (`.../registry/.`), or through a directory
 * that another path needs as well.
 */
function stepsFor(targets: readonly Target[], stepOf: StepOf): PlanStep[] {
  const missing = targets.flatMap(({ way, end }) => [...way, ...(end ? [end] : [])]);
  return [...Map.groupBy(missing, ({ directory }) => `${directory.device}:${directory.inode}`).values()].flatMap(
    (ofInode) => stepOf(united(ofInode)) ?? [],
  );
}

/** Joins what is missing on one directory that two paths reach (a bind mount), so that it gets one step. */
function united(missing: readonly MissingPermission[]): MissingPermission {
  const [first] = missing;
  if (first === undefined) throw new Error('there is no missing permission to unite');
  return { ...first, ...missing.at(-1), wanted: [...new Set(missing.flatMap(({ wanted }) => wanted))] };
}

/** Whether some step grants access only to the service instead of to a whole class. */
function isNarrower(steps: readonly PlanStep[], than: readonly PlanStep[]): boolean {
  const entriesIn = (all: readonly PlanStep[]) => all.filter(({ action }) => action === 'setfacl').length;
  return entriesIn(steps) > entriesIn(than);
}
