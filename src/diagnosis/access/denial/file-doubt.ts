import { knownValue } from '../../../model/fact.ts';
import type { Reason } from '../../../model/reason.ts';
import { type JudgedPath, useOf } from '../judge/judge-path.ts';
import type { Judgement } from '../judge/judgement.ts';
import type { FileTrouble } from './file-trouble.ts';

/**
 * Why it is unknown whether a file or directory beside the storage can be used. Null if it can, or if it is known that
 * it can't. Only the kernel's own answer proves it: permissions don't show what else might deny.
 */
export function whyNotJudged(path: JudgedPath, trouble: FileTrouble | null): Reason | null {
  const { identity, walk, used, file } = path;
  if (identity === null || trouble !== null) return null;
  if (walk.end.kind === 'unseen') return walk.end.why;
  const judgements = [...walk.visits.map(({ step }) => step), ...(file ? [file.judgement] : [])];
  const open = judgements.map(whyOpen).find((why) => why !== null);
  if (open !== undefined) return open;
  if (walk.contradiction) return CONTRADICTION;
  return isOptional(path) || isAllowed(path) ? null : { code: 'path-not-tried', detail: used.path };
}

const CONTRADICTION: Reason = { code: 'contradiction' };

function whyOpen({ access, reason }: Judgement): Reason | null {
  if (access !== 'unknown') return null;
  if (reason.kind === 'disagreement') return CONTRADICTION;
  return reason.kind === 'unseen' || reason.kind === 'undecided' ? reason.why : { code: 'not-known' };
}

/** GitLab might sign on another host, and Omnibus might have no log yet. */
function isOptional({ used, walk }: JudgedPath): boolean {
  return (used.role === 'token-key' || used.role === 'log-directory') && walk.end.kind === 'missing';
}

function isAllowed({ used, walk }: JudgedPath): boolean {
  const { stat, create, read, write } = used.tries;
  const isYes = (fact: typeof stat) => knownValue(fact)?.result === 'allowed';
  switch (useOf(used)) {
    case 'read':
      return isYes(read);
    case 'make':
      return isYes(read) || (walk.end.kind === 'missing' && isYes(write));
    case 'write':
      return isYes(write);
    case 'entries':
    case 'directory':
      return isYes(stat) && isYes(create);
  }
}
