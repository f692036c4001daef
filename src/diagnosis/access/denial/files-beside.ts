import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { UsedPath } from '../../../model/host/used-path.ts';
import type { Reason } from '../../../model/reason.ts';
import type { JudgedPath } from '../judge/judge-path.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { whyNotJudged } from './file-doubt.ts';
import { type FileTrouble, troubleWith } from './file-trouble.ts';

/** A path that the registry, or GitLab beside it, uses outside its storage, with its fault. */
export type FileBeside = {
  readonly path: JudgedPath;
  readonly trouble: FileTrouble | null;
  /** Whether the file breaks something now, not only at the next start. */
  readonly breaksNow: boolean;
  /** Why it is unknown whether it can be used. Null if it can, or if it is known that it can't. */
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

/**
 * A path in the registry's last log lines that nothing else names. While it ran, its environment might have set more
 * than its config.
 */
function isLastWord({ facts, paths }: WalkedAccess, { path }: UsedPath): boolean {
  const aborts = knownValue(facts.logs)?.aborts;
  if (!aborts?.sinceStart || aborts.path !== path) return false;
  const isInStorage = facts.storageRoot.state === 'known' && path.startsWith(`${facts.storageRoot.value}/`);
  return !isInStorage && paths.every(({ used }) => used.path !== path || used.role === 'named-in-log');
}

/**
 * Whether it breaks something now. A stopped registry can't start without any of them. A running one continues with
 * what it has read, except that each login reads the htpasswd file again (distribution, registry/auth/htpasswd) and
 * GitLab reads its key for each token.
 */
function isFaultOfFile({ process }: Facts, { used }: JudgedPath, { cause }: FileTrouble): boolean {
  if (used.role === 'token-key' || process.state === 'absent') return true;
  return used.role === 'htpasswd' && process.state === 'known' && cause !== 'no-permission';
}
