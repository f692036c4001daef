import type { Ground } from '../ground/ground.ts';
import { emptyRoot, type Incident, incident, placeOf, plainPath } from '../ground/layouts.ts';
import type { RegistryChoice, Scenario, Scene } from '../scenario.ts';
import { healthy, incidentWith } from './rows.ts';

/** Hosts without a fault, though many look as if they had one. */
export const healthyScenarios: readonly Scenario[] = [
  { ...healthy('as Omnibus makes it', incidentWith({})), overSsh: true },
  healthy('a new registry without any image', (ground) =>
    plainPath(ground, [
      ['srv', '0755'],
      ['registry', '0770 registry:git'],
    ]),
  ),
  ...openModes(),
  ...rootModes(),
  ...capabilities(),
  ...registries(),
];

function openModes(): readonly Scenario[] {
  const rows: readonly (readonly [string, Incident, (readonly string[])?])[] = [
    [
      'ancestors passable and not listable',
      { data: '0711', vol1: '0711', ops: '0711', disk4t: '0711', target: '0711' },
    ],
    ['ancestors with x for everybody and nothing for their group', { ops: '0701', disk4t: '0705' }],
    ['an ancestor with nothing but x for everybody', { ops: '0001' }],
    ['sticky, setgid and setuid ancestors', { vol1: '1755', ops: '2755', disk4t: '4755' }],
    ['its own ancestor with x alone', { disk4t: '0100 registry:root' }],
    ['its own ancestor, closed to all others', { disk4t: '0700 registry:registry' }],
    ['its own ancestor that it may not write', { disk4t: '0500 registry:registry' }],
    ['an ancestor of its group', { disk4t: '0710 root:registry' }],
    ['an ancestor of its group, closed even to its owner', { disk4t: '0010 alice:registry' }],
    ['an ancestor of its group that is writable to it', { disk4t: '0770 root:registry' }],
    ['an ancestor of a supplementary group', { disk4t: '0750 root:storage' }, ['storage']],
    ['one of three supplementary groups', { disk4t: '0710 root:ops' }, ['storage', 'ops', 'helpers']],
    ['an ancestor owned by an account that is gone', { disk4t: '0711 4242:4242' }],
    [
      'ancestors of three different owners',
      { vol1: '0711 alice:alice', ops: '0751 git:git', disk4t: '0751 backup-agent:ops' },
    ],
    ['the link’s parent closed to listing', { gitlab: '0711 git:root' }],
  ];
  const acls: readonly (readonly [string, Incident, (readonly string[])?])[] = [
    ['a named entry lets it pass', { disk4t: '0700 root:root u:registry:--x' }],
    ['a named entry for its group lets it pass', { disk4t: '0700 root:root g:registry:--x' }],
    ['a named entry for a supplementary group', { disk4t: '0700 root:root g:storage:r-x' }, ['storage']],
    ['a named entry denies somebody else', { disk4t: '0755 root:root u:alice:---' }],
    ['a named entry denies a group that it is not in', { disk4t: '0755 root:root g:ops:---' }],
    ['the mask takes from others what it does not need', { disk4t: '0755 root:root u:registry:rwx,m::--x' }],
    ['two groups, one denies and one grants', { disk4t: '0700 root:root g:registry:---,g:storage:--x' }, ['storage']],
    ['it is the owner, so a named deny says nothing', { disk4t: '0700 registry:root u:registry:---' }],
    ['default entries alone', { disk4t: '0755 root:root d:u:alice:rwx' }],
    ['a default entry that denies it', { disk4t: '0755 root:root d:u:registry:---' }],
    [
      'entries on three ancestors',
      { vol1: '0700 root:root u:registry:--x', ops: '0700 root:root g:registry:--x', disk4t: '0750 root:root o::--x' },
    ],
  ];
  return [...rows, ...acls].map(([name, permissions, groups]) => healthy(name, incidentWith(permissions, groups)));
}

function rootModes(): readonly Scenario[] {
  const rows: readonly (readonly [string, Incident, (readonly string[])?])[] = [
    ['the root is its own alone', { root: '0700 registry:registry' }],
    ['the root is root’s, and writable to its group', { root: '0770 root:registry' }],
    ['the root is git’s, and writable to its supplementary group', { root: '0770 git:storage' }, ['storage']],
    ['the root has the setgid bit', { root: '2770 registry:git' }],
    ['the root has the sticky bit', { root: '1770 registry:git' }],
    ['the root is listable to all', { root: '0755 registry:registry' }],
    ['the root is root’s with a named entry for it', { root: '0700 root:root u:registry:rwx' }],
    ['the root is root’s with an entry for its group', { root: '0700 root:root g:registry:rwx' }],
    ['inner directories are listable to their group', { docker: '0750 registry:git', v2: '0770 registry:git' }],
  ];
  return [
    ...rows.map(([name, permissions, groups]) => healthy(name, incidentWith(permissions, groups))),
    healthy('inner directories of another owner, writable to its group', (ground) => {
      const scene = incident(ground);
      for (const place of ['docker', 'registry', 'v2', 'blobs', 'repositories'] as const) {
        ground.permit(placeOf(place), '2775 git:registry');
      }
      return scene;
    }),
    healthy('a stranger’s file beside the images', (ground) => {
      const scene = incident(ground);
      ground.file(`${placeOf('root')}/README`, 'do not delete', '0644 root:root');
      return scene;
    }),
  ];
}

function capabilities(): readonly Scenario[] {
  const as = (build: (ground: Ground) => Scene, capability: 'dacOverride' | 'dacReadSearch') => (ground: Ground) => {
    const scene = build(ground);
    return { ...scene, identity: { ...scene.identity, [capability]: true } };
  };
  const asRoot = (build: (ground: Ground) => Scene) => (ground: Ground) => ({
    ...build(ground),
    identity: ground.accounts.service('root'),
  });
  return [
    healthy(
      'CAP_DAC_READ_SEARCH passes closed ancestors',
      as(incidentWith({ ops: '0700', disk4t: '0750' }), 'dacReadSearch'),
    ),
    healthy('CAP_DAC_OVERRIDE passes them too', as(incidentWith({ ops: '0700', disk4t: '0750' }), 'dacOverride')),
    healthy(
      'CAP_DAC_OVERRIDE writes a root that is not its own',
      as(incidentWith({ root: '0700 root:root' }), 'dacOverride'),
    ),
    healthy(
      'CAP_DAC_OVERRIDE passes a named deny',
      as(incidentWith({ disk4t: '0755 root:root u:registry:---' }), 'dacOverride'),
    ),
    healthy(
      'a registry that runs as root, everything closed',
      asRoot(incidentWith({ ops: '0000', disk4t: '0700 git:git', root: '0700 git:git' })),
    ),
    healthy(
      'a registry that runs as root, as in the image of distribution',
      asRoot((ground) =>
        plainPath(ground, [
          ['var', '0755'],
          ['registry', '0755 root:root'],
        ]),
      ),
    ),
  ];
}

/** Unusual but sound configs and processes. */
function registries(): readonly Scenario[] {
  const rows: readonly (readonly [string, RegistryChoice])[] = [
    [
      'it asks for a login first (401)',
      // The silly controller accepts any header as a login.
      { config: { auth: { silly: { realm: 'r', service: 's' } } }, client: { authorization: 'Bearer any' } },
    ],
    ['without a debug address', { config: { http: { debug: null } } }],
    ['deleting is switched on', { config: { storage: { delete: { enabled: true } } } }],
    ['a cache in memory', { config: { storage: { cache: { blobdescriptor: 'inmemory' } } } }],
    ['the log is JSON', { config: { log: { formatter: 'json' } } }],
    ['maintenance mode is named and off', { config: { storage: { maintenance: { readonly: { enabled: false } } } } }],
    ['the settings name an account that is not there', { serviceUser: 'no-such-account' }],
    [
      'it is writable at a second address of the config alone',
      { config: { http: { host: 'https://registry.example.com' } } },
    ],
  ];
  return [
    ...rows.map(([name, registry]) => healthy(name, (ground) => ({ ...incident(ground), registry }))),
    healthy('its environment names another root than the config', (ground) => {
      const scene = incident(ground);
      const elsewhere = emptyRoot(ground, 'srv/elsewhere');
      return {
        ...scene,
        storageRoot: elsewhere,
        pushed: [],
        registry: {
          config: { storage: { filesystem: { rootdirectory: '/nonexistent/registry' } } },
          environment: { REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: elsewhere },
        },
      };
    }),
  ];
}
