import { incident, type Place, placeOf, plainPath } from '../ground/layouts.ts';
import type { Scenario } from '../scenario.ts';
import { type Build, denied, deniedForGood, incidentWith, latent, NOTHING_MADE_THERE } from './rows.ts';

const STARTED: readonly Place[] = ['docker', 'registry', 'v2', 'blobs'];

/** The path is open, and the storage itself can't be used: the health check stays green. */
export const storageRootScenarios: readonly Scenario[] = [
  ...['0070', '0600'].map((mode) =>
    denied('storage-root', `its own root, ${mode}`, incidentWith({ root: `${mode} registry:git` })),
  ),
  ...['0550', '0570', '0370', '0500', '0170'].map((mode) =>
    latent(
      NOTHING_MADE_THERE,
      denied('storage-root', `its own root, ${mode}`, incidentWith({ root: `${mode} registry:git` })),
    ),
  ),
  ...['0750', '0710', '0730'].map((mode) =>
    latent(
      NOTHING_MADE_THERE,
      denied('storage-root', `a root of its group, ${mode}`, incidentWith({ root: `${mode} git:registry` })),
    ),
  ),
  latent(
    NOTHING_MADE_THERE,
    denied(
      'storage-root',
      'a root of a supplementary group, 0750',
      incidentWith({ root: '0750 git:storage' }, ['storage']),
    ),
  ),
  denied(
    'storage-root',
    'a root of a supplementary group, 0740',
    incidentWith({ root: '0740 git:storage' }, ['storage']),
  ),
  ...['0550 registry:git', '0750 git:registry'].map((permissions) =>
    denied('storage-root', `a root without any image, ${permissions}`, emptyRoot(permissions)),
  ),
  // It looks like the directory under an unmounted disk: no one should let the registry write there.
  deniedForGood('storage-root', 'a root without any image, 0755 root:root', emptyRoot('0755 root:root')),
  ...innerDirectories(),
];

function emptyRoot(permissions: string): Build {
  return (ground) =>
    plainPath(ground, [
      ['srv', '0755'],
      ['registry', permissions],
    ]);
}

/** Only one inner directory can't be written. */
function innerDirectories(): readonly Scenario[] {
  const unwritable = (place: Place) =>
    denied(
      'storage-root',
      `${place} is its own, and not writable to it`,
      incidentWith({ [place]: '0555 registry:registry' }),
    );
  return [...STARTED.map((place) => latent(NOTHING_MADE_THERE, unwritable(place))), unwritable('repositories')];
}

/** Wrong owners: after a restore, an rsync as root, a move to another machine. */
export const ownerScenarios: readonly Scenario[] = [
  denied('owner', 'the root is root’s, 0700', incidentWith({ root: '0700 root:root' })),
  latent(NOTHING_MADE_THERE, denied('owner', 'the root is root’s, 0755', incidentWith({ root: '0755 root:root' }))),
  denied('owner', 'the root is git’s, as a restore leaves it', incidentWith({ root: '0700 git:git' })),
  denied('owner', 'the root is git’s, 0770', incidentWith({ root: '0770 git:git' })),
  ...(['docker', 'blobs'] as const).map((place) =>
    latent(NOTHING_MADE_THERE, denied('owner', `${place} is root’s`, incidentWith({ [place]: '0755 root:root' }))),
  ),
  denied('owner', 'repositories is root’s', incidentWith({ repositories: '0755 root:root' })),
  ...[
    ['git:git', 'a restore that was cut short'],
    ['root:root', 'an rsync as root'],
    ['4242:4242', 'an account of another machine'],
  ].map(([owners = '', what]) =>
    denied('owner', `everything below the root belongs to ${owners}: ${what}`, (ground) => {
      const scene = incident(ground, {}, undefined);
      ground.own(placeOf('root'), owners);
      return scene;
    }),
  ),
  denied('owner', 'everything below the root, not the root itself', (ground) => {
    const scene = incident(ground);
    ground.own(placeOf('docker'), 'root:root');
    return scene;
  }),
  denied('mixed', 'a closed ancestor, and everything of another owner', (ground) => {
    const scene = incident(ground, { ops: '0750' });
    ground.own(placeOf('root'), 'git:git');
    return scene;
  }),
];

/** The ids of the service moved: by a reinstall, another image, another machine. */
export const uidDriftScenarios: readonly Scenario[] = [
  ...[4242, 998].map((old) =>
    denied('uid-drift', `it was ${old} before, all is of ${old}`, (ground) => {
      const scene = incident(ground);
      ground.own(placeOf('root'), `${old}:${old}`);
      return scene;
    }),
  ),
  denied('uid-drift', 'an ancestor 0700 of its old uid', incidentWith({ shared: '0700 4242:4242' })),
  denied('uid-drift', 'an ancestor 0750 of its old group', incidentWith({ shared: '0750 root:4242' })),
  // Anyone can start something with this name. It is reported, and no account gets access for it.
  {
    name: 'another account than the one that owns all runs what looks like the registry',
    cause: 'uid-drift',
    truth: { kind: 'undecidable', findings: ['foreign-registry-process'] },
    build: (ground) => ({ ...incident(ground), identity: ground.accounts.service('backup-agent') }),
  },
  {
    name: 'the settings name another account than it runs as',
    cause: 'uid-drift',
    truth: { kind: 'undecidable', findings: ['foreign-registry-process'] },
    build: (ground) => ({ ...incident(ground), registry: { serviceUser: 'git' } }),
  },
];
