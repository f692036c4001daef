import type { UsedPath } from '../../../model/host/used-path.ts';
import type { JudgedAccess } from '../judge/judge-access.ts';
import type { JudgedPath } from '../judge/judge-path.ts';
import type { FileTrouble } from './file-trouble.ts';

/** What the registry, or the GitLab beside it, uses outside its storage. */
export function besideStorage(judged: JudgedAccess): JudgedPath[] {
  return judged.paths.filter(
    ({ used }) => used.role !== 'storage' && (used.role !== 'named-in-log' || isLastWord(judged, used)),
  );
}

/** A path that the registry named as it ended, and that nothing else names: in its environment, as long as it ran, stood more than in its config. */
function isLastWord({ facts, paths }: JudgedAccess, { path }: UsedPath): boolean {
  const aborts = facts.logs.state === 'known' ? facts.logs.value.aborts : null;
  if (!aborts?.sinceStart || aborts.path !== path) return false;
  const isInStorage = facts.storageRoot.state === 'known' && path.startsWith(`${facts.storageRoot.value}/`);
  return !isInStorage && paths.every(({ used }) => used.path !== path || used.role === 'named-in-log');
}

/**
 * Whether it breaks something now. A registry that does not run cannot start without any of them; one that runs goes on with what it
 * has read, save that each login asks for the htpasswd file anew (distribution, registry/auth/htpasswd) and GitLab reads its key for
 * each token.
 */
export function isFaultOfFile({ facts }: JudgedAccess, { used }: JudgedPath, { cause }: FileTrouble): boolean {
  if (used.role === 'token-key' || facts.process.state === 'absent') return true;
  return used.role === 'htpasswd' && facts.process.state === 'known' && cause !== 'no-permission';
}
