import type { JudgedAccess } from '../access/judge-access.ts';
import { deniedUses, LETTERS_FOR, type RootUse } from '../access/judge-root.ts';
import type { JudgedVisit, Walk } from '../access/judge-walk.ts';
import { type Letter, openingOf } from '../access/opening.ts';
import type { PermissionClass } from '../model/access.ts';
import { type Facts, Mode, type PresentNode } from '../model/facts.ts';
import type { PlanDraft, PlanStep } from '../model/plan.ts';
import { predictsFullAccess } from './predict.ts';

/** What the host takes as one plan; a way with more closed directories than this was not closed by a slip. */
const MAX_STEPS = 64;

/**
 * The smallest change of modes that lets the service reach its storage: one plan for every closed directory on the way, and
 * for the storage root itself where that is right. Null where no change of modes is right, or where it is not proven what
 * blocks the service.
 */
export function planFix(judged: JudgedAccess): PlanDraft | null {
  const { facts, identity, walk, root } = judged;
  if (!identity || !walk || facts.storageRoot.state !== 'known' || !isProven(judged, walk)) return null;
  const way = stepsForWay(facts, walk);
  if (way === null) return null;
  const steps = oncePerInode(withStepForRoot(way, facts, root));
  if (steps.length === 0 || steps.length > MAX_STEPS) return null;
  return {
    host: facts.host,
    bootId: facts.bootId.state === 'known' ? facts.bootId.value : null,
    risk: steps.every(addsOnlySearch) ? 'low' : 'high',
    identity,
    storageRoot: facts.storageRoot.value,
    steps,
    clearsEveryBlocker: predictsFullAccess(facts, steps),
  };
}

/**
 * The running process must be known, or known to be absent: another identity may need other bits. The way must not end
 * before its time: below a missing mount, modes are those of a stub. And where the kernel denies what the bits allow,
 * something else than the modes is in the way.
 */
function isProven({ facts, root }: JudgedAccess, walk: Walk): boolean {
  if (facts.process.state === 'unknown') return false;
  if (walk.end.kind !== 'directory' && walk.end.kind !== 'unseen') return false;
  const judgements = [...walk.visits.map(({ step }) => step), ...(root ? [root.list, root.create] : [])];
  const isDeniedByOthers = judgements.some(({ reason }) => reason.kind === 'disagreement' && reason.tried === 'denied');
  return !isDeniedByOthers && walk.contradiction === null;
}

/** Null: one of the closed directories cannot be opened by mode bits, so opening the others would not help. */
function stepsForWay(facts: Facts, walk: Walk): PlanStep[] | null {
  const steps = walk.visits
    .filter(isBlocker)
    .map(({ node, step }) =>
      node.state === 'present' && step.reason.kind === 'bits' ? chmodFor(facts, node, step.reason.class, ['x']) : null,
    );
  return steps.some((step) => step === null) ? null : steps.filter((step) => step !== null);
}

/** A way may lead through the storage root itself (`…/registry/.`); what that needs is in the root's own step then. */
function withStepForRoot(way: PlanStep[], facts: Facts, root: RootUse | null): PlanStep[] {
  const denied = root ? deniedUses(root) : [];
  const [first] = denied;
  if (!root || !first) return way;
  const wanted = denied.flatMap((use) => LETTERS_FOR[use.operation]);
  const step = chmodFor(facts, root.node, first.class, wanted);
  return step === null ? way : [...way, step];
}

function isBlocker({ searched, step }: JudgedVisit): boolean {
  return searched && step.access === 'denied';
}

function chmodFor(
  facts: Facts,
  directory: PresentNode,
  deciding: PermissionClass,
  wanted: readonly Letter[],
): PlanStep | null {
  const opening = openingOf(facts, directory, deciding, wanted);
  if (opening.kind === 'none') return null;
  const { path, mode, device, inode, uid, gid, owner, group } = directory;
  const to = (Number.parseInt(mode, 8) | opening.bits).toString(8).padStart(4, '0');
  return {
    action: 'chmod',
    path,
    from: mode,
    to: Mode.parse(to),
    gains: opening.class,
    gainingPrincipal: { owner, group, other: 'every account' }[opening.class],
    precondition: { device, inode, mode, uid, gid },
  };
}

/** Two paths of one directory (a bind mount) need one step; the last one asks for most. */
function oncePerInode(steps: readonly PlanStep[]): PlanStep[] {
  const byInode = new Map(steps.map((step) => [`${step.precondition.device}:${step.precondition.inode}`, step]));
  return [...byInode.values()];
}

/** The way through and no more; reading and writing is a larger gift. */
function addsOnlySearch(step: PlanStep): boolean {
  if (step.action !== 'chmod') return false;
  const added = Number.parseInt(step.to, 8) & ~Number.parseInt(step.from, 8);
  return (added & ~0o111) === 0;
}
