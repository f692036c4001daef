import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { UsedPath } from '../../../model/host/used-path.ts';
import type { Reason } from '../../../model/reason.ts';
import type { JudgedPath } from '../judge/judge-path.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { whyNotJudged } from './file-doubt.ts';
import { type FileTrouble, troubleWith } from './file-trouble.ts';

/** What the registry, or the GitLab beside it, uses outside its storage, with what is wrong with it. */
export type FileBeside = {
  readonly path: JudgedPath;
  readonly trouble: FileTrouble | null;
  /** The trouble breaks something now, not only at the next start. */
  readonly breaksNow: boolean;
  /** Why nobody can say that it can be used; null where it can, or where it is known that it cannot. */
  readonly doubt: Reason | null;
};

/** Judges each of them. */
export function filesBeside(walked: WalkedAccess): FileBeside[] {
  const { facts, paths } = walked;
  const beside = paths.filter(
    ({ used }) => used.role !== 'storage' && (used.role !== 'named-in-log' || isLastWord(walked, used)),
  );
  return beside.map((path) => {
    const trouble = troubleWith(facts, path);
    const breaksNow = trouble !== null && isFaultOfFile(facts, path, trouble);
    return { path, trouble, breaksNow, doubt: whyNotJudged(path, trouble) };
  });
}

/** A path that the registry named as it ended, and that nothing else names: in its environment, as long as it ran, stood more than in its config. */
function isLastWord({ facts, paths }: WalkedAccess, { path }: UsedPath): boolean {
  const aborts = knownValue(facts.logs)?.aborts;
  if (!aborts?.sinceStart || aborts.path !== path) return false;
  const isInStorage = facts.storageRoot.state === 'known' && path.startsWith(`${facts.storageRoot.value}/`);
  return !isInStorage && paths.every(({ used }) => used.path !== path || used.role === 'named-in-log');
}

/**
 * Whether it breaks something now. A registry that does not run cannot start without any of them; one that runs goes on with what it
 * has read, save that each login asks for the htpasswd file anew (distribution, registry/auth/htpasswd) and GitLab reads its key for
 * each token.
 */
function isFaultOfFile({ process }: Facts, { used }: JudgedPath, { cause }: FileTrouble): boolean {
  if (used.role === 'token-key' || process.state === 'absent') return true;
  return used.role === 'htpasswd' && process.state === 'known' && cause !== 'no-permission';
}
