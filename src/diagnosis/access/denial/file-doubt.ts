import { knownValue } from '../../../model/fact.ts';
import type { Reason } from '../../../model/reason.ts';
import { type JudgedPath, useOf } from '../judge/judge-path.ts';
import type { Judgement } from '../judge/judgement.ts';
import type { FileTrouble } from './file-trouble.ts';

/**
 * Why it is unknown whether the registry can use a file or directory outside its storage. Null if the answer is known.
 * Only the kernel's own answer proves that it can: permissions don't show what else might deny access.
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

/**
 * Whether this path can be absent on a healthy host: GitLab might sign its tokens on another host, and Omnibus might
 * have no log yet.
 */
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
