import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceIdentity } from '../practice-registry/protocol.ts';

const OPEN = 0o755;
const REPOSITORIES = ['team/shop', 'team/shop/worker', 'base/debian'];

export type ClosedDirectory = { readonly path: string; readonly mode: number };

export type StorageTree = {
  /** The storage root as in the registry's config: through the symlink. */
  readonly storageRoot: string;
  readonly link: { readonly path: string; readonly target: string };
  /** The directories that block the registry, from the root down. */
  readonly closed: readonly ClosedDirectory[];
};

/**
 * Builds the storage path of the incident: `var/opt/gitlab/gitlab-rails` is a symlink to "a new disk", and directories
 * above its target block the registry. With a service identity, which needs root, two directories block that identity
 * and no other. Without one the registry runs as our own user: one directory has no `x` for us, and nothing below it
 * can be seen.
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
  fillStorage(registry, service);
  chmodSync(registry, 0o770);

  const closed = service
    ? [
        { path: ops, mode: 0o750 },
        { path: disk, mode: 0o700 },
      ]
    : [{ path: ops, mode: 0o600 }];
  // From the innermost outwards: a blocked directory would block us, too.
  for (const { path, mode } of closed.toReversed()) chmodSync(path, mode);
  return { storageRoot: join(link, 'shared/registry'), link: { path: link, target }, closed };
}

/** The content that a registry leaves (distribution's path specification), with a few repositories. */
function fillStorage(registry: string, service: ServiceIdentity | null): void {
  const inside = ['blobs', ...REPOSITORIES.map((name) => `repositories/${name}/_manifests`)];
  for (const place of inside) makeOpenDirectories(registry, `docker/registry/v2/${place}`);
  if (!service) return;
  const all = readdirSync(registry, { recursive: true, encoding: 'utf8' }).map((name) => join(registry, name));
  for (const place of [registry, ...all]) chownSync(place, service.uid, service.gid);
}

function makeOpenDirectories(root: string, path: string): void {
  let directory = root;
  for (const name of path.split('/')) {
    directory = join(directory, name);
    mkdirSync(directory, { recursive: true });
    // Our umask might be narrower than what the scenario needs.
    chmodSync(directory, OPEN);
  }
}
