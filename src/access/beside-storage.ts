import type { FileTrouble } from './file-trouble.ts';
import type { JudgedAccess } from './judge-access.ts';
import type { JudgedPath } from './judge-path.ts';

/** What the registry, or the GitLab beside it, uses outside its storage. */
export function besideStorage({ paths }: JudgedAccess): JudgedPath[] {
  return paths.filter(({ used }) => used.role !== 'storage');
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
