import { evaluateUse } from '../../../src/access/evaluate-use.ts';
import { judgeRoot, type RootUse } from '../../../src/access/judge-root.ts';
import { judgeWalk } from '../../../src/access/judge-walk.ts';
import type { Facts, Identity, PresentNode } from '../../../src/model/facts.ts';
import { HostPath } from '../../../src/model/host-path.ts';
import type { Answer, Answers } from './kernel-answers.ts';

/** Says what the kernel will answer. `unknown` is never right here: these facts leave nothing open. */
export type Evaluator = {
  way(facts: Facts, path: string, identity: Identity): Predicted;
  search(facts: Facts, directory: PresentNode, identity: Identity): Answer | 'unknown';
};

export type Predicted = { readonly [Use in keyof Answers]: Answer | 'unknown' };

/** The product's own evaluator. */
export const EVALUATOR: Evaluator = {
  way(given, path, identity) {
    const { facts, walk } = walkOf(given, HostPath.parse(path), identity);
    const stat = walk.expected ?? 'unknown';
    const root = stat === 'ok' ? judgeRoot(facts, walk, identity) : null;
    if (!root) return { stat };
    return { stat, search: wordFor(root.search), list: wordFor(root.list), create: createIn(root) };
  },
  search(facts, directory, identity) {
    return wordFor(evaluateUse(facts, directory, identity, 'x'));
  },
};

/** A real probe says of the place where the way ends that nothing is there. */
function walkOf(facts: Facts, path: HostPath, identity: Identity) {
  const walk = judgeWalk(facts, path, identity);
  if (walk.end.kind !== 'unseen') return { facts, walk };
  const complete = { ...facts, nodes: [...facts.nodes, { state: 'missing' as const, path: walk.end.path }] };
  return { facts: complete, walk: judgeWalk(complete, path, identity) };
}

/** mkdir(2) looks the name up first, then asks the mount, then the attribute, then the modes (do_mkdirat() in fs/namei.c). */
function createIn({ search, readOnlyMount, immutable, create }: RootUse): Answer | 'unknown' {
  if (search.access !== 'allowed') return wordFor(search);
  if (readOnlyMount) return 'EROFS';
  return immutable ? 'EPERM' : wordFor(create);
}

function wordFor({ access }: { readonly access: 'allowed' | 'denied' | 'unknown' }): Answer | 'unknown' {
  return access === 'allowed' ? 'ok' : access === 'denied' ? 'EACCES' : 'unknown';
}
