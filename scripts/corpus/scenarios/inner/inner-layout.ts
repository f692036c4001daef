import { readdirSync } from 'node:fs';
import type { Ground, Permissions } from '../../ground/ground.ts';
import { emptyRoot, pushImages } from '../../ground/layouts.ts';
import { PUSHED } from '../../ground/prepared.ts';
import type { Scene } from '../../scenario.ts';

/** A storage root right at the configured path, with images. Its inner paths are named from `docker` on. */
export const ROOT = 'srv/registry';
export const V2 = 'docker/registry/v2';
export const BLOBS = `${V2}/blobs`;
export const REPOSITORIES = `${V2}/repositories`;

export function storage(ground: Ground): Scene {
  emptyRoot(ground, ROOT);
  pushImages(ground, ROOT);
  return { storageRoot: ground.at(ROOT), identity: ground.accounts.service(), pushed: PUSHED };
}

export function innerPath(place: string): string {
  return `${ROOT}/${place}`;
}

/** The first of the directories that blobs are spread over. */
export function firstShard(ground: Ground): string {
  const [shard = ''] = readdirSync(ground.at(innerPath(`${BLOBS}/sha256`))).toSorted();
  return `${BLOBS}/sha256/${shard}`;
}

/**
 * An inner directory was moved to the new disk, and a symlink left there. The directories above it have these
 * permissions.
 */
export function movedOut(
  ground: Ground,
  place: string,
  above: Readonly<Record<string, Permissions>>,
  target = `disk2/vol/store/${place.slice(place.lastIndexOf('/') + 1)}`,
  linkText: string = ground.at(target),
): Scene {
  const scene = storage(ground);
  ground.dir(target.slice(0, target.lastIndexOf('/')));
  ground.move(innerPath(place), target);
  ground.link(innerPath(place), linkText);
  for (const [directory, permissions] of Object.entries(above)) ground.permit(directory, permissions);
  return scene;
}

/** Something is mounted over an inner directory, with its earlier content. */
export function mountedOver(
  ground: Ground,
  place: string,
  mount: (relative: string) => void,
  permissions: Permissions = '0755 registry:registry',
): Scene {
  const scene = storage(ground);
  const relative = innerPath(place);
  ground.move(relative, 'aside');
  ground.dir(relative);
  mount(relative);
  ground.copy(ground.at('aside'), relative);
  ground.permit(relative, permissions);
  return scene;
}
