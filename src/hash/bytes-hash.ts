import { createHash } from 'node:crypto';
import { Sha256 } from '../model/record/ids.ts';

/** SHA-256 over bytes as they are: `sha256sum` of the same file says the same. */
export function bytesHash(bytes: Uint8Array): Sha256 {
  return Sha256.parse(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
}
