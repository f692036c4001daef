import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceIdentity } from '../practice-registry/protocol.ts';

const OPEN = 0o755;

export type ClosedDirectory = { readonly path: string; readonly mode: number };

export type StorageTree = {
  /** As the registry's config says it: through the link. */
  readonly storageRoot: string;
  readonly link: { readonly path: string; readonly target: string };
  /** In the order in which the kernel meets them. */
  readonly closed: readonly ClosedDirectory[];
};

/**
 * The incident: `var/opt/gitlab/gitlab-rails` is a link to "a new disk", and directories above its target are closed.
 *
 * With a service identity (which needs root) two directories are closed to it, and to it alone. Without one the
 * registry runs as ourselves: then one directory lacks our own `x`, and nobody unprivileged can look behind it.
 */
export function buildStorageTree(root: string, service: ServiceIdentity | null): StorageTree {
  const ops = join(root, 'data/vol1/ops');
  const disk = join(ops, 'disk4t');
  const target = join(disk, 'gitlab-rails');
  const link = join(root, 'var/opt/gitlab/gitlab-rails');
  const registry = join(target, 'shared/registry');
  makeOpenDirectories(root, 'var/opt/gitlab');
  makeOpenDirectories(root, 'data/vol1/ops/disk4t/gitlab-rails/shared/registry');
  symlinkSync(target, link);
  if (service) chownSync(registry, service.uid, service.gid);
  chmodSync(registry, 0o770);

  const closed = service
    ? [
        { path: ops, mode: 0o750 },
        { path: disk, mode: 0o700 },
      ]
    : [{ path: ops, mode: 0o600 }];
  // The innermost first: behind a closed directory we could not go on ourselves.
  for (const { path, mode } of closed.toReversed()) chmodSync(path, mode);
  return { storageRoot: join(link, 'shared/registry'), link: { path: link, target }, closed };
}

function makeOpenDirectories(root: string, path: string): void {
  let directory = root;
  for (const name of path.split('/')) {
    directory = join(directory, name);
    mkdirSync(directory, { recursive: true });
    // Our umask may be narrower than what the scenario needs.
    chmodSync(directory, OPEN);
  }
}
