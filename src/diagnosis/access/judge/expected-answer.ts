import type { WalkStep } from '../../../model/diagnosis/access.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { Way, WayEnd } from '../kernel/resolve-path.ts';
import type { Refusals } from './judge-link.ts';

/** Errors of stat(2). */
export type ErrorName = 'EACCES' | 'ENOENT' | 'ENOTDIR' | 'ELOOP';
/** What stat(2) returns. */
export type ExpectedAnswer = 'ok' | ErrorName;

const OF_REFUSAL = { nosymfollow: 'ELOOP', 'protected-symlink': 'EACCES' } as const;
const OF_END: Readonly<Record<WayEnd['kind'], ExpectedAnswer | null>> = {
  directory: 'ok',
  file: 'ok',
  missing: 'ENOENT',
  'not-a-directory': 'ENOTDIR',
  loop: 'ELOOP',
  unseen: null,
};

/**
 * What stat(2) of the whole path answers: the error of the first question that is answered with no, else that of the end.
 * A link may be followed at one place of the way and not at another, so each question stands for itself. Null: not known.
 */
export function expectedAnswer(
  { questions, end }: Way,
  access: ReadonlyMap<HostPath, WalkStep['access']>,
  refusals: Refusals,
): ExpectedAnswer | null {
  for (const question of questions) {
    const answer = access.get(question.kind === 'search' ? question.directory.path : question.link.path);
    if (answer === 'allowed') continue;
    if (question.kind === 'search') return answer === 'denied' ? 'EACCES' : null;
    const refusal = refusals.get(question);
    if (refusal) return refusal.kind === 'undecided' ? null : OF_REFUSAL[refusal.kind];
  }
  return OF_END[end.kind];
}
