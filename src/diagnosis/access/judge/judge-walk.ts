import type { WalkStep } from '../../../model/diagnosis/access.ts';
import type { Facts, Identity, PathNode, PresentNode, TryResult } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { evaluateUse } from '../kernel/evaluate-use.ts';
import { hostPathToTell } from '../kernel/host-place.ts';
import { type Link, resolvePath, type Visit, type Way, type WayEnd } from '../kernel/resolve-path.ts';
import { type ExpectedAnswer, expectedAnswer } from './expected-answer.ts';
import { judgeLink, type Refusals, refusalsOn } from './judge-link.ts';
import { type Judgement, judge, unseen } from './judgement.ts';
import { NO_TRIES, type Tries, triesFor } from './tries.ts';

/** One entry on the path with its access, and further data for the checks and the planner. */
export type JudgedVisit = {
  readonly step: WalkStep;
  readonly node: PathNode;
  /** Whether the path needs `x` on it. False for the storage root itself, which the registry only stats. */
  readonly searched: boolean;
  readonly through: Link | null;
};

export type Walk = {
  readonly visits: readonly JudgedVisit[];
  readonly end: WayEnd;
  /** `yes` if every directory on the path lets the identity pass and every symlink is followed, as far as known. */
  readonly passable: 'yes' | 'no' | 'unknown';
  /** What stat(2) of the storage root should return, by the access to each entry on the path. Null: unknown. */
  readonly expected: ExpectedAnswer | null;
  /** What stat(2) of the whole path returned to the identity. Null if it was not tested. */
  readonly stat: TryResult | null;
  /** Set if that stat and the access to each entry on the path contradict each other. */
  readonly contradiction: Contradiction | null;
};

export type Contradiction = {
  readonly path: HostPath;
  readonly evaluated: 'allowed' | 'denied';
  readonly tried: 'allowed' | 'denied';
};

/** A file at the end of the path, and how it is used. */
export type FileAtEnd = (file: PresentNode, identity: Identity) => Judgement;

type Case = {
  readonly facts: Facts;
  readonly way: Way;
  readonly identity: Identity | null;
  readonly tries: Tries;
  readonly judgeFile: FileAtEnd | null;
};

/**
 * Walks the path from `/` to the storage root for one identity. Directories beyond the first closed one are included,
 * because a probe with root saw further. With null as identity, access is not judged.
 */
export function judgeWalk(facts: Facts, path: HostPath, identity: Identity | null): Walk {
  return judgeWay(facts, path, identity, { tries: identity ? triesFor(facts, identity) : NO_TRIES, judgeFile: null });
}

/** Walks any path that the registry uses, with its test results. Without `judgeFile`, a file at the end is an error. */
export function judgeWay(
  facts: Facts,
  path: HostPath,
  identity: Identity | null,
  { tries, judgeFile }: Pick<Case, 'tries' | 'judgeFile'>,
): Walk {
  const way = resolvePath(facts.nodes, path, judgeFile === null ? 'directory' : 'file-or-directory');
  const refusals: Refusals = identity ? refusalsOn(way, facts, identity) : new Map();
  const visits = judgeVisits({ facts, way, identity, tries, judgeFile }, refusals);
  const passable = passableOf(visits);
  const expected = expectedAnswer(way, new Map(visits.map(({ step }) => [step.path, step.access])), refusals);
  const { stat } = tries;
  const tried = linksAreTried(facts) ? visits : visits.filter(({ node }) => !isLink(node));
  return {
    visits,
    end: way.end,
    passable,
    expected,
    stat,
    contradiction: contradictionOf(path, passableOf(tried), way.end, stat),
  };
}

/** Judges directories before symlinks: whether a symlink certainly stopped a stat depends on them. */
function judgeVisits(judged: Case, refusals: Refusals): JudgedVisit[] {
  const { way, tries } = judged;
  const others = new Map(
    way.visits.flatMap((visit) => (isLink(visit.node) ? [] : [[visit.node.path, judgementOf(visit, judged)]])),
  );
  const isProvenOpen = ({ access, proof }: Judgement) => access === 'allowed' && proof === 'kernel';
  const passed = way.visits.filter(({ searched }) => searched).flatMap(({ node }) => others.get(node.path) ?? []);
  const whole = { stat: linksAreTried(judged.facts) ? tries.stat : null, allElseOpen: passed.every(isProvenOpen) };
  return way.visits.map((visit) => {
    const judgement = others.get(visit.node.path) ?? judgeLink(visit.node.path, way, refusals, whole);
    const hostPath = hostPathToTell(judged.facts, visit.node.path);
    return { ...visit, step: { ...stepOf(visit, judgement), ...(hostPath === undefined ? {} : { hostPath }) } };
  });
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

/**
 * Whether the identity can pass along the whole path. A path with a symlink that is not followed is not passable; a
 * symlink loop is an end of its own.
 */
function passableOf(visits: readonly JudgedVisit[]): Walk['passable'] {
  const passed = visits.filter(
    ({ searched, step }) => searched || (step.kind === 'symlink' && step.reason.kind !== 'loop'),
  );
  const answers = passed.map(({ step }) => step.access);
  if (answers.includes('denied')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}

function stepOf({ node }: Visit, judgement: Judgement): WalkStep {
  if (node.state === 'present') return { ...shownOf(node), ...judgement };
  const kind = node.state === 'missing' ? 'missing' : 'directory';
  return { path: node.path, kind, target: null, mode: null, owner: null, group: null, ...judgement };
}

function shownOf(node: PresentNode): Omit<WalkStep, keyof Judgement> {
  const { path, target, owner, group } = node;
  const kind = node.kind === 'other' ? 'file' : node.kind;
  return { path, kind, target, mode: kind === 'symlink' ? null : node.mode, owner, group };
}

function judgementOf({ node, searched }: Visit, { facts, way, identity, tries, judgeFile }: Case): Judgement {
  if (node.state === 'unseen') return unseen(node.why);
  if (node.state === 'missing') return { access: 'denied', reason: { kind: 'missing' }, proof: 'evaluated' };
  const isEnd = way.end.kind === 'file' && way.end.file.path === node.path;
  if (node.kind !== 'directory' && !(isEnd && judgeFile)) {
    return { access: 'denied', reason: { kind: 'not-a-directory' }, proof: 'evaluated' };
  }
  if (identity === null) return unseen({ code: 'identity-not-known' });
  if (isEnd && judgeFile) return judgeFile(node, identity);
  const evaluation = evaluateUse(facts, node, identity, 'x');
  return judge(evaluation, tries.search(node.path) ?? passedByStat(searched, tries));
}

/**
 * Whether the tests on the host let the kernel follow symlinks. In the mounts of another process the probe resolves
 * them itself.
 */
function linksAreTried({ view }: Facts): boolean {
  return view.kind === 'host';
}

function isLink(node: PathNode): boolean {
  return node.state === 'present' && node.kind === 'symlink';
}

/** A stat that reached the storage root has passed every directory on the path to it. */
function passedByStat(searched: boolean, tries: Tries): TryResult | null {
  return searched && tries.stat?.result === 'allowed' ? tries.stat : null;
}
