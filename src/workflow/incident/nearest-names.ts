import { distance } from 'fastest-levenshtein';

const AT_MOST = 3;

/** The likely intended names, nearest first: one or two typos away. */
export function nearestNames<Name extends string>(asked: string, known: readonly Name[]): Name[] {
  const typed = asked.slice(0, 64).toLowerCase();
  const slipsAllowed = Math.max(1, Math.floor(typed.length / 3));
  return known
    .map((name) => ({ name, slips: slipsBetween(typed, name.toLowerCase()) }))
    .filter(({ slips }) => slips <= slipsAllowed)
    .sort((a, b) => a.slips - b.slips)
    .slice(0, AT_MOST)
    .map(({ name }) => name);
}

/** Two neighbours in each other's place are one slip, not two. */
function slipsBetween(typed: string, name: string): number {
  const at = [...typed].findIndex((letter, index) => letter !== name[index]);
  const swapped = `${typed.slice(0, at)}${typed[at + 1]}${typed[at]}${typed.slice(at + 2)}`;
  return at >= 0 && swapped === name ? 1 : distance(typed, name);
}
