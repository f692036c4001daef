import { whyNotJudged } from '../../../src/diagnosis/access/denial/file-doubt.ts';
import { type FileTrouble, troubleWith } from '../../../src/diagnosis/access/denial/file-trouble.ts';
import { type JudgedPath, judgePath, useOf } from '../../../src/diagnosis/access/judge/judge-path.ts';
import { judgeRoot, type RootUse } from '../../../src/diagnosis/access/judge/judge-root.ts';
import { judgeWalk, type Walk } from '../../../src/diagnosis/access/judge/judge-walk.ts';
import { evaluateUse } from '../../../src/diagnosis/access/kernel/evaluate-use.ts';
import type { Facts, Identity, PresentNode } from '../../../src/model/host/facts.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import type { UsedPath } from '../../../src/model/host/used-path.ts';
import type { Answer, Answers } from './kernel-answers.ts';

/** Predicts the kernel's answer. `unknown` is never right here: these facts leave nothing open. */
export type Evaluator = {
  way(facts: Facts, path: string, identity: Identity): Predicted;
  search(facts: Facts, directory: PresentNode, identity: Identity): Answer | 'unknown';
  /** The same for a path beside the storage root, with its test results. */
  used(facts: Facts, used: UsedPath, identity: Identity): PredictedUse;
};

type AnswersOfWay = Omit<Answers, 'use'>;

export type Predicted = { readonly [Use in keyof AnswersOfWay]: Answer | 'unknown' };

export type PredictedUse = Predicted & {
  /** Whether it can be used. The kernel can report any of several reasons first. */
  readonly use?: readonly Answer[];
  /** Why the answer is unknown. Null: it is known. */
  readonly doubt: string | null;
};

/** The product's own evaluator. */
export const EVALUATOR: Evaluator = {
  way(given, path, identity) {
    const at = HostPath.parse(path);
    const { facts, judged: walk } = withItsEnd(
      given,
      (facts) => judgeWalk(facts, at, identity),
      (walk) => walk,
    );
    const stat = walk.expected ?? 'unknown';
    return { stat, ...usesOf(stat === 'ok' ? judgeRoot(facts, walk, identity) : null) };
  },
  search(facts, directory, identity) {
    return wordFor(evaluateUse(facts, directory, identity, 'x'));
  },
  used(given, used, identity) {
    const { facts, judged } = withItsEnd(
      given,
      (facts) => judgePath(facts, used, identity),
      ({ walk }) => walk,
    );
    const { walk, directory } = judged;
    const stat = walk.expected ?? 'unknown';
    if (used.role === 'storage') return { stat, ...usesOf(stat === 'ok' ? directory : null), doubt: doubtOn(judged) };
    const trouble = troubleWith(facts, judged);
    return { stat, use: useAfter(stat, judged, trouble), doubt: whyNotJudged(judged, trouble)?.code ?? null };
  },
};

/** A real probe reports that nothing exists at the end of the path. */
function withItsEnd<Judged>(given: Facts, judge: (facts: Facts) => Judged, walkOf: (judged: Judged) => Walk) {
  const judged = judge(given);
  const { end } = walkOf(judged);
  if (end.kind !== 'unseen') return { facts: given, judged };
  const facts = { ...given, nodes: [...given.nodes, { state: 'missing' as const, path: end.path }] };
  return { facts, judged: judge(facts) };
}

function usesOf(root: RootUse | null): Omit<Predicted, 'stat'> {
  if (!root) return {};
  return { search: wordFor(root.search), list: wordFor(root.list), create: createIn(root) };
}

/** The judgment of the path has to agree with its stat(2) and with the test results. */
function doubtOn({ walk }: JudgedPath): string | null {
  const isOpen = walk.passable === 'yes' && walk.end.kind === 'directory';
  if (isOpen !== (walk.expected === 'ok')) return `passable ${walk.passable}, and stat ${walk.expected}`;
  return walk.contradiction ? 'what was tried contradicts it' : null;
}

/** The possible kernel answers for each cause that the product gives. */
const ANSWERS_FOR: Readonly<Record<FileTrouble['cause'], readonly Answer[]>> = {
  'directory-closed': ['EACCES'],
  'no-permission': ['EACCES', 'EROFS', 'EPERM'],
  missing: ['ENOENT'],
  'cannot-be-made': ['EACCES', 'EROFS', 'EPERM'],
  'is-a-directory': ['EISDIR', 'EACCES'],
  'not-a-directory': ['ENOTDIR'],
  'symlink-loop': ['ELOOP'],
  'read-only': ['EROFS', 'EACCES', 'EPERM'],
  immutable: ['EPERM', 'EACCES', 'EROFS'],
  'append-only': ['EPERM', 'EACCES'],
  nosymfollow: ['ELOOP'],
  'protected-symlink': ['EACCES'],
};

function useAfter(stat: Answer | 'unknown', { used, walk }: JudgedPath, trouble: FileTrouble | null): Answer[] {
  if (trouble === null) return ['ok'];
  const isMade = stat === 'ENOENT' && ['make', 'write'].includes(useOf(used));
  if (stat === 'ok' || stat === 'unknown' || (isMade && walk.end.kind === 'missing')) {
    return [...ANSWERS_FOR[trouble.cause]];
  }
  return [stat];
}

/**
 * mkdir(2) looks the name up first, then checks the mount, then the attribute, then the modes (do_mkdirat() in
 * fs/namei.c).
 */
function createIn({ search, readOnlyMount, immutable, create }: RootUse): Answer | 'unknown' {
  if (search.access !== 'allowed') return wordFor(search);
  if (readOnlyMount) return 'EROFS';
  return immutable ? 'EPERM' : wordFor(create);
}

function wordFor({ access }: { readonly access: 'allowed' | 'denied' | 'unknown' }): Answer | 'unknown' {
  return access === 'allowed' ? 'ok' : access === 'denied' ? 'EACCES' : 'unknown';
}
