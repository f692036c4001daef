import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import type { Ground } from '../ground/ground.ts';
import { pushImages } from '../ground/layouts.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { innerPath, REPOSITORIES, storage } from './inner/inner-layout.ts';
import { built, healthy } from './rows.ts';

/** What the running process differs in from its config file and from the files on the disk. */
export const processScenarios: readonly Scenario[] = [...umasks(), ...newConfigs(), ...environments()];

function umasks(): readonly Scenario[] {
  const withUmask = (umask: string) => (ground: Ground) => ({
    ...storage(ground),
    registry: { within: ['sh', '-c', 'umask "$1"; shift; exec "$@"', 'sh', umask] },
  });
  const tight = { findings: ['umask-too-tight'], plan: 'none' } as const;
  return [
    built('start', 'the umask takes x from its own new directories', tight, withUmask('0177')),
    built('start', 'the umask is too tight, and a push has failed for it', tight, (ground) => ({
      ...withUmask('0177')(ground),
      onceRunning: async ({ client }) => {
        await client.pushBlob('group/app', Buffer.from('a layer')).catch(() => {});
      },
    })),
    healthy('a umask that leaves nothing to others', withUmask('0077')),
  ];
}

/** The file names another storage than the process uses. */
function newConfigs(): readonly Scenario[] {
  const unsure = { findings: ['config-changed-since-start'], verdict: 'inconclusive', plan: 'none' } as const;
  const renamed = (ground: Ground, close: { readonly at: string; readonly permissions: string }): Scene => {
    const scene = storage(ground);
    ground.dir('srv/other', '0770 registry:git');
    pushImages(ground, 'srv/other');
    ground.permit(close.at, close.permissions);
    return {
      ...scene,
      onceRunning: ({ configFile }) => {
        writeFileSync(configFile, readFileSync(configFile, 'utf8').replace('srv/registry', 'srv/other'));
        const later = Date.now() / 1000 + 60;
        utimesSync(configFile, later, later);
      },
    };
  };
  return [
    built(
      'start',
      'its config names another root since its start, and the one in use is closed inside',
      unsure,
      (ground) => renamed(ground, { at: innerPath(REPOSITORIES), permissions: '0555 registry:registry' }),
    ),
    built('start', 'its config names a closed root since its start, and the one in use is sound', unsure, (ground) =>
      renamed(ground, { at: 'srv/other', permissions: '0700 root:root' }),
    ),
  ];
}

function environments(): readonly Scenario[] {
  const other = (ground: Ground): Scene => {
    const scene = storage(ground);
    ground.dir('srv/other', '0770 registry:git');
    pushImages(ground, 'srv/other');
    ground.permit(`srv/other/${REPOSITORIES}`, '0555 registry:registry');
    return scene;
  };
  const unknown = { findings: ['storage-root-unknown'], verdict: 'inconclusive', plan: 'none' } as const;
  return [
    built(
      'start',
      'its environment has a whole storage section, with a root that is closed inside',
      unknown,
      (ground) => ({
        ...other(ground),
        registry: { environment: { REGISTRY_STORAGE: `{filesystem: {rootdirectory: ${ground.at('srv/other')}}}` } },
      }),
    ),
    built(
      'start',
      'its environment has the driver’s section, with a root that is closed inside',
      unknown,
      (ground) => ({
        ...other(ground),
        registry: { environment: { REGISTRY_STORAGE_FILESYSTEM: `{rootdirectory: ${ground.at('srv/other')}}` } },
      }),
    ),
    built(
      'maintenance',
      'its environment has a section that switches maintenance mode on',
      { findings: ['maintenance-mode'], plan: 'none' },
      (ground) => ({
        ...storage(ground),
        refusesPushes: true,
        registry: { environment: { REGISTRY_STORAGE_MAINTENANCE_READONLY: '{enabled: true}' } },
      }),
    ),
  ];
}
