import type { Facts } from '../../../model/host/facts.ts';
import type { UsedPath } from '../../../model/host/used-path.ts';
import type { JudgedPath } from '../judge/judge-path.ts';
import { takesAclEntry } from '../kernel/acl-support.ts';
import { type MinimalGrant, minimalGrant } from '../kernel/minimal-grant.ts';
import type { Blocker } from './file-trouble.ts';

/**
 * How a file, or a directory on its path, can be opened: by mode bits, by an ACL entry for the account alone, or not at
 * all.
 */
export type FileGrant = MinimalGrant | { readonly kind: 'entry' };

const SECRET_ROLES: ReadonlySet<UsedPath['role']> = new Set([
  'config',
  'htpasswd',
  'tls-key',
  'token-key',
  'acme-cache',
  'named-in-log',
]);

/** True if only the service should be able to read the file. */
export function isSecret({ role }: UsedPath): boolean {
  return SECRET_ROLES.has(role);
}

/**
 * How to open one file or directory on a file's path. A directory is opened as on the path to the storage. A secret
 * file is opened to its owner, to the service's own primary group (as distributions set it: 0640 root:GROUP), or to the
 * service alone by an ACL entry. Any other file, such as a certificate, is public, and is opened to everyone if no ACL
 * can be set.
 */
export function grantOfFile(facts: Facts, { used, identity }: JudgedPath, blocker: Blocker): FileGrant {
  const { node, deciding, wanted } = blocker;
  const grant = minimalGrant(facts, node, deciding, wanted);
  if (node.kind === 'directory' && !wanted.includes('w')) return grant;
  const takesEntry = takesAclEntry(facts, node) && node.uid !== identity?.uid;
  if (grant.kind === 'add') {
    const isOwnGroup = grant.class !== 'group' || node.gid === identity?.gid;
    if (isOwnGroup || !isSecret(used)) return grant;
    return takesEntry ? { kind: 'entry' } : { kind: 'none', why: 'would-open-to-all' };
  }
  if (grant.why !== 'would-open-to-all' && grant.why !== 'acl') return grant;
  return takesEntry ? { kind: 'entry' } : grant;
}
