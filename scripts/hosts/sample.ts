import { SeededRandom } from '../../test/support/random.ts';
import type { HostRow } from './row.ts';

/** So many rows, as the seed picks them, of those that need nothing but this machine and have no thousands of anything. */
export function sampleOf(rows: readonly HostRow[], count: number, seed: number): readonly HostRow[] {
  const random = new SeededRandom(seed);
  const left = rows.filter(({ root, packages, isHeavy }) => root === undefined && packages === undefined && !isHeavy);
  while (left.length > count) left.splice(random.int(left.length), 1);
  return left;
}
