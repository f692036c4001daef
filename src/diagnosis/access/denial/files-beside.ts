import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { UsedPath } from '../../../model/host/used-path.ts';
import type { Reason } from '../../../model/reason.ts';
import type { JudgedPath } from '../judge/judge-path.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { whyNotJudged } from './file-doubt.ts';
import { type FileTrouble, troubleWith } from './file-trouble.ts';

/** A path outside the storage that the registry, or the GitLab that it belongs to, uses, and what is wrong with it. */
export type FileBeside = {
  readonly path: JudgedPath;
  readonly trouble: FileTrouble | null;
  /** Whether the file breaks something now, not only at the next start. */
  readonly breaksNow: boolean;
  /** Why it is unknown whether it can be used. Null if the answer is known. */
  readonly doubt: Reason | null;
};

/** Judges every path that the registry uses outside its storage. */
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

/**
 * Whether only the registry's last log lines name this path. While the registry ran, its environment might have set
 * more than its config.
 */
function isLastWord({ facts, paths }: WalkedAccess, { path }: UsedPath): boolean {
  const aborts = knownValue(facts.logs)?.aborts;
  if (!aborts?.sinceStart || aborts.path !== path) return false;
  const isInStorage = facts.storageRoot.state === 'known' && path.startsWith(`${facts.storageRoot.value}/`);
  return !isInStorage && paths.every(({ used }) => used.path !== path || used.role === 'named-in-log');
}

/**
 * Whether the path breaks something now. A stopped registry needs all of them to start, except that it only opens the
 * htpasswd file, which succeeds for a directory (createHtpasswdFile; seen with 2.8.2). A running one has read them
 * already, except that each login reads the htpasswd file again (distribution, registry/auth/htpasswd) and GitLab reads
 * its key for each token.
 */
function isFaultOfFile({ process }: Facts, { used }: JudgedPath, { cause }: FileTrouble): boolean {
  if (used.role === 'htpasswd' && cause === 'is-a-directory') return process.state === 'known';
  if (used.role === 'token-key' || process.state === 'absent') return true;
  return used.role === 'htpasswd' && process.state === 'known' && cause !== 'no-permission';
}
