import type { Proof } from '../../../model/diagnosis/finding.ts';
import type { Walk } from '../../access/judge/judge-walk.ts';
import { saysError } from '../../access/kernel/error-words.ts';

/** How the end of the way is known: when the identity's own stat failed with the very error of that end, the kernel has said so too. */
export function proofOfWayEnd({ stat, expected }: Walk): Proof {
  const isTold = stat?.result === 'failed' && expected !== null && expected !== 'ok' && saysError(stat.why, expected);
  return isTold ? 'kernel' : 'evaluated';
}
