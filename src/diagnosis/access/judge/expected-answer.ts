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
 * What stat(2) should return for the whole path: the error of the first check that fails on the way down, otherwise the
 * result at the end. One symlink can be followed at one point of the path and refused at another, so each check counts
 * on its own. Null: unknown.
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
