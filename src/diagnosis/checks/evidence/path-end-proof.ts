import type { Proof } from '../../../model/diagnosis/finding.ts';
import type { BareCode } from '../../../model/reason.ts';
import type { ErrorName } from '../../access/judge/expected-answer.ts';
import type { Walk } from '../../access/judge/judge-walk.ts';

const TOLD_AS: Readonly<Record<ErrorName, BareCode>> = {
  EACCES: 'not-permitted',
  ENOENT: 'not-there',
  ENOTDIR: 'not-a-directory',
  ELOOP: 'too-many-links',
};

/** How the end of the way is known: when the identity's own stat failed with the very error of that end, the kernel has said so too. */
export function proofOfPathEnd({ stat, expected }: Walk): Proof {
  if (stat?.result !== 'failed' || expected === null || expected === 'ok') return 'evaluated';
  return stat.why.code === TOLD_AS[expected] ? 'kernel' : 'evaluated';
}
