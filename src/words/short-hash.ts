import type { Sha256 } from '../model/record/ids.ts';

/** The first digits of a hash, enough to compare with the record by eye: `9f2c…`. */
export function shortHash(hash: Sha256): string {
  return `${hash.slice('sha256:'.length, 'sha256:'.length + 4)}…`;
}
