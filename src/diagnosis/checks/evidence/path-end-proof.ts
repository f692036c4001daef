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

/**
 * How the end of the path is known: if the identity's own stat failed with exactly the error of that end, the kernel
 * has confirmed it.
 */
export function proofOfPathEnd({ stat, expected }: Walk): Proof {
  if (stat?.result !== 'failed' || expected === null || expected === 'ok') return 'evaluated';
  return stat.why.code === TOLD_AS[expected] ? 'kernel' : 'evaluated';
}
