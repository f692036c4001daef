import { distance } from 'fastest-levenshtein';

const AT_MOST = 3;

/** The likely intended names, nearest first: one or two typos away. */
export function nearestNames<Name extends string>(asked: string, known: readonly Name[]): Name[] {
  const typed = asked.slice(0, 64).toLowerCase();
  const slipsAllowed = Math.max(1, Math.floor(typed.length / 3));
  return known
    .map((name) => ({ name, slips: distance(typed, name.toLowerCase()) }))
    .filter(({ slips }) => slips <= slipsAllowed)
    .sort((a, b) => a.slips - b.slips)
    .slice(0, AT_MOST)
    .map(({ name }) => name);
}
