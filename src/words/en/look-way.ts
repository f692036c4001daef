import type { LookedBy, WayProblem } from '../../model/connection/look-way.ts';
import { plainText } from '../phrase.ts';
import { sentences } from '../sentences.ts';
import { recoveryDoubt } from './outcome-reasons.ts';
import { reasonClause } from './reasons.ts';
import { sshProblem } from './ssh.ts';

/** Which way a watched host is looked at, and why by no cheaper one. */
export function lookedBy({ way, url, blindBecause, failed }: LookedBy): string {
  if (blindBecause !== null) return `can’t look at the registry: ${blind(blindBecause)}`;
  const why = failed.map((one) => problem(one.why));
  return [`${ways[way](url)}${why.length === 0 ? '' : '. No cheaper way works:'}`, ...why].join(' ');
}

function blind(because: NonNullable<LookedBy['blindBecause']>): string {
  return because === 'unknown' ? 'its answer says nothing of it' : recoveryDoubt(because);
}

const ways: Record<LookedBy['way'], (url: string | null) => string> = {
  'from-bot': (url) => `over HTTP from the bot’s machine${at(url)}; nothing runs on the host`,
  'from-host': (url) => `over HTTP through the SSH connection${at(url)}; nothing runs on the host`,
  guard: (url) => `by running the guard on the host${at(url)}`,
};

function at(url: string | null): string {
  return url === null ? '' : `, at ${url}`;
}

const problem = sentences<WayProblem>({
  ssh: (one) => sshProblem(one.problem),
  'no-answer': ({ url, why }) => `Tried ${url}: ${plainText(reasonClause(why))}.`,
  'not-a-registry': ({ url }) => `What answered at ${url} is not a registry.`,
});
