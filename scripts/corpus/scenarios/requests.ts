import { readdirSync } from 'node:fs';
import type { Ground } from '../ground/ground.ts';
import { incident, placeOf } from '../ground/layouts.ts';
import { imageOf } from '../ground/registry-client.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { built, healthy } from './rows.ts';

/** Recent client requests, by the log: failures that nothing on the disk explains, and those that are over. */
export const requestScenarios: readonly Scenario[] = [
  built(
    'backend',
    'no file of the registry may grow: pushes fail, and nothing on the disk tells why',
    { findings: ['pushes-failed'], verdict: ['inconclusive', 'faulty'], plan: 'none' },
    (ground) => ({
      ...incident(ground),
      // Its log goes through a pipe, which is not subject to the limit of setrlimit(2), RLIMIT_FSIZE.
      registry: { log: 'usual', within: ['sh', '-c', '"$@" 2>&1 | cat', 'sh', 'prlimit', '--fsize=0'] },
      onceRunning: async ({ client }) => {
        await client.push('group/app', 'v2', imageOf('v2'));
      },
    }),
  ),
  built(
    'backend',
    'the storage was closed for a while: pushes failed, and nothing has been asked since',
    { findings: ['pushes-failed'], verdict: 'inconclusive', plan: 'none' },
    (ground) => ({
      ...incident(ground),
      onceRunning: async ({ client }) => {
        await whileClosed(ground, 'repositories', () => client.push('fresh/new', 'v2', imageOf('v2')));
      },
    }),
  ),
  healthy('the storage was closed for a while, and a push has gone through since', (ground) => ({
    ...incident(ground),
    onceRunning: async ({ client }) => {
      await whileClosed(ground, 'repositories', () => client.push('fresh/new', 'v2', imageOf('v2')));
      await mustBeServed(client.push('fresh/new', 'v2', imageOf('v2')));
    },
  })),
  healthy('somebody asks for an image that nobody has pushed', (ground) => ({
    ...incident(ground),
    onceRunning: async ({ client }) => {
      for (const tag of ['v1', 'v2', 'v3']) await client.pull('group/typo', tag);
    },
  })),
  healthy('somebody pushes a manifest of layers that are not there', (ground) => ({
    ...incident(ground),
    onceRunning: async ({ client }) => {
      const { manifest: body } = imageOf('half an image');
      const type = 'application/vnd.docker.distribution.manifest.v2+json';
      await client.ask('PUT', '/v2/group/app/manifests/broken', { type, body });
    },
  })),
  healthy('somebody pushes to a name that is none', (ground) => ({
    ...incident(ground),
    onceRunning: async ({ client }) => {
      await client.push('Group/UPPER', 'v1', imageOf('upper'));
    },
  })),
  healthy('a push is under way', (ground) => ({ ...incident(ground), onceRunning: ({ client }) => leaveOpen(client) })),
  healthy('a thousand old files lie beside the images', (ground) => manyFiles(incident(ground), ground)),
];

/** During this work the directory is only root's. */
/** No new group of repositories can be created. Existing ones are still served. */
async function whileClosed(ground: Ground, place: 'repositories', work: () => Promise<unknown>): Promise<void> {
  ground.permit(placeOf(place), '0755 root:root');
  await work();
  ground.permit(placeOf(place), '0755 registry:registry');
}

async function mustBeServed(answer: Promise<string>): Promise<void> {
  const told = await answer;
  if (told !== 'ok') throw new Error(`the push was refused: ${told}`);
}

async function leaveOpen(client: { beginUpload: (repository: string) => Promise<string> }): Promise<void> {
  for (const repository of ['group/app', 'group/coming']) await client.beginUpload(repository);
}

function manyFiles(scene: Scene, ground: Ground): Scene {
  for (let index = readdirSync(scene.storageRoot).length; index < 1000; index += 1) {
    ground.file(`${placeOf('root')}/old/${index}`, '', '0644 registry:registry');
  }
  return scene;
}
