import type { Walk } from '../access/judge-walk.ts';
import type { Proof } from '../model/finding.ts';

/** How the end of the way is known: when the identity's own stat got that far and failed, the kernel has said so too. */
export function proofOfWayEnd(walk: Walk): Proof {
  return walk.stat?.result === 'failed' ? 'kernel' : 'evaluated';
}
