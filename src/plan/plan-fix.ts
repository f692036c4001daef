import type { JudgedAccess } from '../access/judge-access.ts';
import { deniedUses, LETTERS_FOR, type RootUse } from '../access/judge-root.ts';
import type { JudgedVisit, Walk } from '../access/judge-walk.ts';
import { missingMountOn } from '../access/missing-mount.ts';
import { oldPlaceOf } from '../access/old-mount.ts';
import { processOfSomebodyElse } from '../access/service-account.ts';
import { wrongDisksOn } from '../access/wrong-disk.ts';
import type { PlanAlternative, PlanDraft, PlanStep } from '../model/plan.ts';
import { type Lack, narrowerStepFor, stepFor } from './mend-lack.ts';
import { innerDirectorySteps } from './plan-inner-directories.ts';
import { modesBackSteps } from './plan-modes-back.ts';
import { ownershipSteps } from './plan-ownership.ts';
import { clearsAsMuch, predictsFullAccess } from './predict.ts';
import { riskOf } from './risk.ts';
import { stepOnHost } from './step-on-host.ts';

/** What the host takes as one plan; a way with more closed directories than this was not closed by a slip. */
const MAX_STEPS = 64;

/** What the service lacks on the way, all of which has to be mended, and in the storage root, if that can be. */
type Lacks = { readonly way: readonly Lack[]; readonly root: Lack | null };
type Mend = (lack: Lack) => PlanStep | null;

/**
 * The smallest change of permissions that lets the service reach its storage: one plan for every closed directory on the way,
 * for the storage root itself where that is right, and for what lies below it. Null where no change of permissions is right, or where it is not proven
 * what blocks the service.
 */
export function planFix(judged: JudgedAccess): PlanDraft | null {
  const { facts, identity, walk, root } = judged;
  if (!identity || !walk || facts.storageRoot.state !== 'known' || !isProven(judged, walk)) return null;
  const way = lacksOnWay(walk);
  if (way === null) return null;
  const mend = (lack: Lack) => stepOnHost(facts, stepFor(facts, identity, lack));
  const lacks = { way, root: mendable(lackOf(root), mend) };
  const onWay = stepsFor(lacks, mend);
  if (onWay === null) return null;
  const below = [...ownershipSteps(judged), ...innerDirectorySteps(judged)].flatMap(
    (step) => stepOnHost(facts, step) ?? [],
  );
  const mending = [...onWay, ...below];
  // A plan of its own: it mends nothing, and is no part of a plan that does.
  const steps = mending.length > 0 ? mending : modesBackSteps(judged);
  if (steps.length === 0 || steps.length > MAX_STEPS) return null;
  const narrowerOnWay = stepsFor(lacks, (lack) => stepOnHost(facts, narrowerStepFor(facts, identity, lack)));
  const narrower = narrowerOnWay === null ? null : [...narrowerOnWay, ...below];
  const alternatives: PlanAlternative[] =
    narrower !== null && isNarrower(narrower, steps) && clearsAsMuch(facts, narrower, steps)
      ? [{ kind: 'narrower-acl', steps: narrower }]
      : [];
  return {
    host: facts.host,
    bootId: facts.bootId.state === 'known' ? facts.bootId.value : null,
    hostname: facts.hostname,
    ...(facts.uptimeSeconds.state === 'known' ? { uptimeSeconds: facts.uptimeSeconds.value } : {}),
    risk: riskOf(steps, identity),
    identity,
    storageRoot: facts.storageRoot.value,
    steps,
    ...(facts.enteredBy.length === 0 ? {} : { enteredBy: facts.enteredBy }),
    ...(facts.view.kind === 'host' ? {} : { process: { pid: facts.view.pid, startTicks: facts.view.startTicks } }),
    clearsEveryBlocker: predictsFullAccess(facts, steps),
    ...(alternatives.length === 0 ? {} : { alternatives }),
  };
}

/**
 * The running process must be known, and the service's, or known to be absent: another identity may need other bits. The way must not end
 * before its time: below a missing mount, modes are those of a stub. And where the kernel denies what the bits allow,
 * something else than the modes is in the way.
 */
function isProven(judged: JudgedAccess, walk: Walk): boolean {
  const { facts, root } = judged;
  if (facts.process.state === 'unknown' || processOfSomebodyElse(facts) !== null) return false;
  if (oldPlaceOf(judged) !== null) return false;
  if (walk.end.kind !== 'directory' && walk.end.kind !== 'unseen') return false;
  if (missingMountOn(facts, walk) !== null || wrongDisksOn(facts, walk).some((disk) => !disk.holdsImages)) return false;
  const judgements = [...walk.visits.map(({ step }) => step), ...(root ? [root.list, root.create] : [])];
  const isDeniedByOthers = judgements.some(({ reason }) => reason.kind === 'disagreement' && reason.tried === 'denied');
  return !isDeniedByOthers && walk.contradiction === null;
}

/** Null: one of the closed directories is closed by something else than permissions. */
function lacksOnWay(walk: Walk): readonly Lack[] | null {
  const lacks = walk.visits.filter(isBlocker).map(({ node, step }): Lack | null => {
    if (node.state !== 'present' || step.reason.kind !== 'bits') return null;
    return { directory: node, deciding: step.reason.class, wanted: ['x'] };
  });
  return lacks.some((lack) => lack === null) ? null : lacks.filter((lack) => lack !== null);
}

/** A link that is not followed is one as well, and no permission mends it. */
function isBlocker({ searched, step }: JudgedVisit): boolean {
  return (searched || step.kind === 'symlink') && step.access === 'denied';
}

function lackOf(root: RootUse | null): Lack | null {
  const denied = root ? deniedUses(root) : [];
  const [first] = denied;
  if (!root || !first) return null;
  return { directory: root.node, deciding: first.class, wanted: denied.flatMap((use) => LETTERS_FOR[use.operation]) };
}

/** No other form of a plan touches a directory that the plan leaves alone. */
function mendable(lack: Lack | null, mend: Mend): Lack | null {
  return lack !== null && mend(lack) !== null ? lack : null;
}

/**
 * Null: one of the closed directories on the way cannot be opened, so opening the others would not help. A way may lead through
 * the storage root itself (`…/registry/.`); what that needs is in the root's own step then.
 */
function stepsFor({ way, root }: Lacks, mend: Mend): PlanStep[] | null {
  const onWay = way.map(mend);
  if (onWay.some((step) => step === null)) return null;
  const steps = [...onWay, root && mend(root)];
  return oncePerInode(steps.filter((step) => step !== null));
}

/** Two paths of one directory (a bind mount) need one step; the last one asks for most. */
function oncePerInode(steps: readonly PlanStep[]): PlanStep[] {
  const byInode = new Map(steps.map((step) => [`${step.precondition.device}:${step.precondition.inode}`, step]));
  return [...byInode.values()];
}

/** Whether some of it goes to the service alone that would go to a whole class. */
function isNarrower(steps: readonly PlanStep[], than: readonly PlanStep[]): boolean {
  const entriesIn = (all: readonly PlanStep[]) => all.filter(({ action }) => action === 'setfacl').length;
  return entriesIn(steps) > entriesIn(than);
}
