import { distance } from 'fastest-levenshtein';
import type { HostName } from '../../model/record/ids.ts';

const AT_MOST = 3;

/** The likely intended names, nearest first: one or two typos away. */
export function nearestHosts(asked: string, known: readonly HostName[]): HostName[] {
  const typed = asked.slice(0, 64).toLowerCase();
  const slipsAllowed = Math.max(1, Math.floor(typed.length / 3));
  return known
    .map((name) => ({ name, slips: distance(typed, name.toLowerCase()) }))
    .filter(({ slips }) => slips <= slipsAllowed)
    .sort((a, b) => a.slips - b.slips)
    .slice(0, AT_MOST)
    .map(({ name }) => name);
}
