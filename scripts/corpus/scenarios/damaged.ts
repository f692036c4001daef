import { execFileSync } from 'node:child_process';
import { rmSync, truncateSync } from 'node:fs';
import type { Ground } from '../ground/ground.ts';
import { digestOf, imageOf } from '../ground/registry-client.ts';
import type { RunningRegistry } from '../ground/running-registry.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { BLOBS, innerPath, REPOSITORIES, storage } from './inner/inner-layout.ts';
import { built, healthy } from './rows.ts';

/** Files of the image `group/app:v1`, as distribution's path specification has them. */
const app = imageOf('group/app:v1');
const MANIFESTS = `${REPOSITORIES}/group/app/_manifests`;
const TAG = `${MANIFESTS}/tags/v1/current/link`;
const REVISION = `${MANIFESTS}/revisions/sha256/${hexOf(app.digest)}/link`;
const LAYER_LINK = `${REPOSITORIES}/group/app/_layers/sha256/${hexOf(digestOf(app.layer))}/link`;

/**
 * Every directory exists and is usable, but an image's files are missing: a power cut, a partial restore, a wrong rm.
 */
export const damagedScenarios: readonly Scenario[] = [...damages(), ...healthyTwins()];

function damages(): readonly Scenario[] {
  const damage = (name: string, act: (ground: Ground) => void) =>
    built('damaged', name, { findings: ['image-data-missing'], plan: 'none' }, (ground) => {
      const scene = storage(ground);
      act(ground);
      // What was written a moment ago might still be in progress.
      execFileSync('find', [ground.at('.'), '-exec', 'touch', '-h', '-d', '2 days ago', '{}', '+']);
      return scene;
    });
  const emptied = (place: string) => (ground: Ground) => truncateSync(ground.at(innerPath(place)));
  const removed = (place: string) => (ground: Ground) => rmSync(ground.at(innerPath(place)), { recursive: true });
  return [
    damage('a tag’s link is empty', emptied(TAG)),
    damage('the link of a manifest is empty', emptied(REVISION)),
    damage('the link of a manifest is not there', removed(REVISION)),
    damage('the link of a layer is empty', emptied(LAYER_LINK)),
    damage('the link of a layer is not there', removed(LAYER_LINK)),
    damage('the data of a manifest is not there', removed(blobOf(app.digest))),
    damage('the data of a manifest is empty', emptied(`${blobOf(app.digest)}/data`)),
    damage('the data of a layer is not there', removed(`${blobOf(digestOf(app.layer))}/data`)),
    damage('the data of a config is not there', removed(blobOf(digestOf(app.config)))),
    damage('half a restore: the repositories are there, the blobs are not', removed(`${BLOBS}/sha256`)),
  ];
}

function healthyTwins(): readonly Scenario[] {
  const deleting = { config: { storage: { delete: { enabled: true } } } };
  const after = (
    name: string,
    act: (registry: RunningRegistry, ground: Ground) => Promise<void>,
    pushed = ['group/base:v1'],
  ) =>
    healthy(name, (ground) => ({
      ...storage(ground),
      pushed,
      registry: deleting,
      onceRunning: (registry) => act(registry, ground),
    }));
  return [
    after('an image was deleted', deleteApp),
    after('an image was deleted, and the garbage collected', async (registry, ground) => {
      await deleteApp(registry);
      collectGarbage(registry, ground);
    }),
    after(
      'the garbage was collected, and nothing was garbage',
      async (registry, ground) => collectGarbage(registry, ground),
      ['group/app:v1', 'group/base:v1'],
    ),
    after(
      'a tag was pushed again, and the garbage of untagged images collected',
      async (registry, ground) => {
        await registry.client.push('group/app', 'v1', imageOf('a newer one'));
        collectGarbage(registry, ground, ['--delete-untagged']);
      },
      ['group/app:v1', 'group/base:v1'],
    ),
    after('layers were pushed, and no manifest for them', async ({ client }) => {
      await client.pushBlob('group/half', Buffer.from('a layer of nothing'));
    }),
    healthy('repositories without tags, as a deletion of all tags leaves them', (ground) => {
      const scene = storage(ground);
      rmSync(ground.at(innerPath(`${MANIFESTS}/tags/v1`)), { recursive: true });
      return { ...scene, pushed: ['group/base:v1'] };
    }),
    healthy('the empty directories of uploads that were given up', (ground) => {
      const scene = storage(ground);
      for (const upload of ['1', '2']) {
        ground.dir(innerPath(`${REPOSITORIES}/group/app/_uploads/${upload}`), '0755 registry:registry');
      }
      return scene;
    }),
    healthy('an image with a layer that lies elsewhere by design', (ground) => withForeignLayer(storage(ground))),
  ];
}

async function deleteApp({ client }: RunningRegistry): Promise<void> {
  const { status } = await client.ask('DELETE', `/v2/group/app/manifests/${app.digest}`);
  if (status !== 202) throw new Error(`the image could not be deleted: ${status}`);
}

/** As its owner runs it, with the registry's own config. */
function collectGarbage({ configFile }: RunningRegistry, ground: Ground, options: readonly string[] = []): void {
  const { uid, gid } = ground.accounts.owners('registry:registry');
  const as = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', '--'];
  execFileSync('setpriv', [...as, 'docker-registry', 'garbage-collect', ...options, configFile], { stdio: 'ignore' });
}

/** Of a Windows image: its base is fetched from its maker, and no registry has it (image manifest v2, "urls"). */
function withForeignLayer(scene: Scene): Scene {
  const url = 'https://mcr.microsoft.com/v2/windows/blobs/base';
  const foreign = {
    mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    size: 1000,
    digest: digestOf(Buffer.from('a base layer')),
    urls: [url],
  };
  return {
    ...scene,
    pushed: ['group/app:v1', 'group/windows:v1'],
    registry: { config: { validation: { manifests: { urls: { allow: ['^https://mcr\\.microsoft\\.com/'] } } } } },
    onceRunning: async ({ client }) => {
      const answer = await client.push('group/windows', 'v1', imageOf('windows', [foreign]));
      if (answer !== 'ok') throw new Error(`the image with a foreign layer was refused: ${answer}`);
    },
  };
}

function blobOf(digest: string): string {
  const hex = hexOf(digest);
  return `${BLOBS}/sha256/${hex.slice(0, 2)}/${hex}`;
}

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}
