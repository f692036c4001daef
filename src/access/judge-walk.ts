import type { WalkStep } from '../model/access.ts';
import type { Facts, Identity, PathNode, PresentNode, TryResult } from '../model/facts.ts';
import type { HostPath } from '../model/host-path.ts';
import { type Judgement, judge, unseen } from './judgement.ts';
import { evaluatePermission } from './permission.ts';
import { type Link, resolvePath, type Visit, type WayEnd } from './resolve-path.ts';
import { NO_TRIES, type Tries, triesFor } from './tries.ts';

/** One step of the walk, with what the checks and the planner need beside it. */
export type JudgedVisit = {
  readonly step: WalkStep;
  readonly node: PathNode;
  /** Its `x` is needed on the way. False for the storage root itself, which the registry only stats. */
  readonly searched: boolean;
  readonly through: Link | null;
};

export type Walk = {
  readonly visits: readonly JudgedVisit[];
  readonly end: WayEnd;
  /** True when every directory on the way lets the identity pass, as far as is known. */
  readonly passable: 'yes' | 'no' | 'unknown';
  /** stat(2) of the storage root by the whole path, as the identity; null when it was not tried. */
  readonly stat: TryResult | null;
  /** The steps say one thing of the whole way, and that stat another. */
  readonly contradiction: Contradiction | null;
};

export type Contradiction = {
  readonly path: HostPath;
  readonly evaluated: 'allowed' | 'denied';
  readonly tried: 'allowed' | 'denied';
};

/**
 * The way from `/` to the storage root, judged for one identity: every directory on it and not only up to the first that
 * is closed, because a probe with root saw beyond. Null as identity: the way alone, with nobody to judge.
 */
export function judgeWalk(facts: Facts, path: HostPath, identity: Identity | null): Walk {
  const way = resolvePath(facts.nodes, path);
  const tries = identity ? triesFor(facts, identity) : NO_TRIES;
  const visits = way.visits.map((visit) => ({ ...visit, step: stepOf(visit, way.end, identity, tries) }));
  const passable = passableOf(visits);
  const { stat } = tries;
  return { visits, end: way.end, passable, stat, contradiction: contradictionOf(path, passable, way.end, stat) };
}

function contradictionOf(
  path: HostPath,
  passable: Walk['passable'],
  end: WayEnd,
  stat: TryResult | null,
): Contradiction | null {
  const endsNowhere = end.kind === 'missing' || end.kind === 'loop';
  if (stat?.result === 'allowed' && (passable === 'no' || endsNowhere)) {
    return { path, evaluated: 'denied', tried: 'allowed' };
  }
  if (stat?.result === 'denied' && passable === 'yes' && end.kind !== 'unseen') {
    return { path, evaluated: 'allowed', tried: 'denied' };
  }
  return null;
}

function passableOf(visits: readonly JudgedVisit[]): Walk['passable'] {
  const directories = visits.filter((visit) => visit.searched).map(({ step }) => step.access);
  if (directories.includes('denied')) return 'no';
  return directories.includes('unknown') ? 'unknown' : 'yes';
}

function stepOf(visit: Visit, end: WayEnd, identity: Identity | null, tries: Tries): WalkStep {
  const { node } = visit;
  const judgement = judgementOf(visit, end, identity, tries);
  if (node.state === 'present') return { ...shownOf(node), ...judgement };
  const kind = node.state === 'missing' ? 'missing' : 'directory';
  return { path: node.path, kind, target: null, mode: null, owner: null, group: null, ...judgement };
}

function shownOf(node: PresentNode): Omit<WalkStep, keyof Judgement> {
  const { path, target, owner, group } = node;
  const kind = node.kind === 'other' ? 'file' : node.kind;
  return { path, kind, target, mode: kind === 'symlink' ? null : node.mode, owner, group };
}

function judgementOf({ node, searched }: Visit, end: WayEnd, identity: Identity | null, tries: Tries): Judgement {
  if (node.state === 'unseen') return unseen(node.why);
  if (node.state === 'missing') return { access: 'denied', reason: { kind: 'missing' }, proof: 'evaluated' };
  if (node.kind === 'symlink') return linkJudgement(node, end, tries);
  if (node.kind !== 'directory') return { access: 'denied', reason: { kind: 'not-a-directory' }, proof: 'evaluated' };
  if (identity === null) return unseen('whose access counts is not known');
  return judge(evaluatePermission(node, identity, 'x'), tries.search(node.path) ?? passedByStat(searched, tries));
}

function linkJudgement(link: PresentNode, end: WayEnd, tries: Tries): Judgement {
  if (end.kind === 'loop' && end.path === link.path) {
    return { access: 'denied', reason: { kind: 'loop' }, proof: 'evaluated' };
  }
  if (end.kind === 'unseen' && end.path === link.path) return unseen(end.why);
  const proof = tries.stat?.result === 'allowed' ? 'kernel' : 'evaluated';
  return { access: 'allowed', reason: { kind: 'symlink' }, proof };
}

/** A stat that reached the storage root has passed every directory on the way to it. */
function passedByStat(searched: boolean, tries: Tries): TryResult | null {
  return searched && tries.stat?.result === 'allowed' ? tries.stat : null;
}
