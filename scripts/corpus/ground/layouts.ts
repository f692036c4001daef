import type { HostPath } from '../../../src/model/host/host-path.ts';
import type { Scene } from '../scenario.ts';
import type { Ground, Permissions } from './ground.ts';
import { PUSHED } from './prepared.ts';

/** The directories of the incident's storage path. Each can have other permissions than usual. */
export type Place =
  | 'gitlab'
  | 'data'
  | 'vol1'
  | 'ops'
  | 'disk4t'
  | 'target'
  | 'shared'
  | 'root'
  | 'docker'
  | 'registry'
  | 'v2'
  | 'blobs'
  | 'repositories';

const RELATIVE: Readonly<Record<Place, string>> = {
  gitlab: 'var/opt/gitlab',
  data: 'data',
  vol1: 'data/vol1',
  ops: 'data/vol1/ops',
  disk4t: 'data/vol1/ops/disk4t',
  target: 'data/vol1/ops/disk4t/gitlab-rails',
  shared: 'data/vol1/ops/disk4t/gitlab-rails/shared',
  root: 'data/vol1/ops/disk4t/gitlab-rails/shared/registry',
  docker: 'data/vol1/ops/disk4t/gitlab-rails/shared/registry/docker',
  registry: 'data/vol1/ops/disk4t/gitlab-rails/shared/registry/docker/registry',
  v2: 'data/vol1/ops/disk4t/gitlab-rails/shared/registry/docker/registry/v2',
  blobs: 'data/vol1/ops/disk4t/gitlab-rails/shared/registry/docker/registry/v2/blobs',
  repositories: 'data/vol1/ops/disk4t/gitlab-rails/shared/registry/docker/registry/v2/repositories',
};

/** As Omnibus leaves them: registry.md, fact 5. */
const USUAL: Partial<Record<Place, Permissions>> = {
  target: '0755 git:root',
  shared: '0751 git:gitlab-www',
  root: '0770 registry:git',
  docker: '0755 registry:registry',
  registry: '0755 registry:registry',
  v2: '0755 registry:registry',
  blobs: '0755 registry:registry',
  repositories: '0755 registry:registry',
};

export function placeOf(place: Place): string {
  return RELATIVE[place];
}

/** The permissions that differ from the incident's layout. */
export type Incident = Partial<Record<Place, Permissions>>;

/**
 * The incident's storage: `var/opt/gitlab/gitlab-rails` is a symlink to a directory of the "new disk" below `data`, and
 * holds the images of a real push. Directories without permissions here are passable.
 */
export function incident(ground: Ground, permissions: Incident = {}, storageRoot?: string): Scene {
  for (const place of placesInOrder()) ground.dir(RELATIVE[place], USUAL[place] ?? '0755');
  ground.link(`${RELATIVE.gitlab}/gitlab-rails`, ground.at(RELATIVE.target));
  pushImages(ground, RELATIVE.root);
  for (const place of placesInOrder()) {
    const given = permissions[place];
    if (given !== undefined) ground.permit(RELATIVE[place], given);
  }
  return {
    storageRoot: ground.at(storageRoot ?? 'var/opt/gitlab/gitlab-rails/shared/registry'),
    identity: ground.accounts.service(),
    pushed: PUSHED,
  };
}

/** Puts the images of a real push into an existing storage root, owned by the service. */
export function pushImages(ground: Ground, root: string, owners = 'registry:registry'): void {
  ground.copy(`${ground.prepared.images}/docker`, `${root}/docker`);
  ground.own(`${root}/docker`, owners);
}

function placesInOrder(): readonly Place[] {
  return Object.keys(RELATIVE).filter((name): name is Place => name in RELATIVE);
}

/** Two repositories without any image, as the registry lays them out (distribution's path specification). */
export function addImages(ground: Ground, root: string, owners: string): void {
  for (const place of ['docker', 'docker/registry', 'docker/registry/v2', 'docker/registry/v2/blobs']) {
    ground.dir(`${root}/${place}`, `0755 ${owners}`);
  }
  for (const name of ['group/app', 'group/base']) {
    const parts = ['repositories', ...name.split('/')];
    const places = [...parts.keys()].map((index) => parts.slice(0, index + 1).join('/'));
    const inside = ['_uploads', '_layers', '_layers/sha256', '_manifests', '_manifests/tags'];
    for (const place of [...places, ...inside.map((part) => `repositories/${name}/${part}`)]) {
      ground.dir(`${root}/docker/registry/v2/${place}`, `0755 ${owners}`);
    }
  }
}

/** A storage root right at the configured path, made of these directories one below the other. The last is the root. */
export function plainPath(
  ground: Ground,
  directories: readonly (readonly [name: string, permissions: Permissions])[],
): Scene {
  let relative = '';
  for (const [name, permissions] of directories) {
    relative = relative === '' ? name : `${relative}/${name}`;
    ground.dir(relative, permissions);
  }
  return { storageRoot: ground.at(relative), identity: ground.accounts.service() };
}

/** An empty storage that the service owns, at the end of an existing path. */
export function emptyRoot(ground: Ground, relative: string, permissions = '0770 registry:git'): HostPath {
  return ground.dir(relative, permissions);
}
