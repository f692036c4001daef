import type { Ground, Permissions } from '../../ground/ground.ts';
import type { Scenario, Scene } from '../../scenario.ts';
import { built, denied, healthy } from '../rows.ts';
import { BLOBS, firstShard, innerPath, movedOut, REPOSITORIES, storage, V2 } from './inner-layout.ts';

/** A part of the storage is elsewhere, behind a symlink. The path to it counts like the path to the root. */
export const innerLinkScenarios: readonly Scenario[] = [
  ...closedBehindLinks(),
  ...waysBehindLinks(),
  ...unusableTargets(),
  ...nowhere(),
  ...healthyTwins(),
];

/** The closed directory above the symlink's target, which no other account passes by its x. */
function closed(name: string, build: Scenario['build']): Scenario {
  const { cause, truth, ...rest } = denied('inner', name, build);
  return { ...rest, cause, truth: { kind: 'denied', plan: 'cures', findings: ['untraversable-ancestor'] } };
}

function closedBehindLinks(): readonly Scenario[] {
  const places: readonly (readonly [what: string, place: string | ((ground: Ground) => string)])[] = [
    ['blobs', BLOBS],
    ['repositories', REPOSITORIES],
    ['docker', 'docker'],
    ['v2', V2],
    ['blobs/sha256', `${BLOBS}/sha256`],
    ['one directory of blobs', firstShard],
    ['one namespace', `${REPOSITORIES}/group`],
    ['one repository', `${REPOSITORIES}/group/app`],
    ['the uploads of one repository', `${REPOSITORIES}/group/app/_uploads`],
  ];
  return places.map(([what, place]) =>
    closed(`${what} is a link to another disk, and a directory above its target is closed`, (ground) => {
      const at = typeof place === 'string' ? place : placeOnGround(ground, place);
      return movedOut(ground, at, { 'disk2/vol': '0750' }, 'disk2/vol/store/moved');
    }),
  );
}

/** The name follows from the images, which are copied before anything is moved. */
function placeOnGround(ground: Ground, place: (ground: Ground) => string): string {
  storage(ground);
  return place(ground);
}

function waysBehindLinks(): readonly Scenario[] {
  const chain = (ground: Ground, middle: Permissions): Scene => {
    ground.link('middle/second', ground.at('disk2/vol/store/blobs'));
    return movedOut(ground, BLOBS, { middle }, 'disk2/vol/store/blobs', ground.at('middle/second'));
  };
  const relative = (ground: Ground, disk: Permissions): Scene =>
    movedOut(ground, BLOBS, { disk2: disk }, 'disk2/vol/store/blobs', '../../../../../disk2/vol/store/blobs');
  return [
    closed('blobs is a relative link, and a directory above its target is closed', (ground) =>
      relative(ground, '0700'),
    ),
    healthy('blobs is a relative link, and the way is open', (ground) => relative(ground, '0711')),
    closed('blobs is a link to a link in a closed directory', (ground) => chain(ground, '0700')),
    healthy('blobs is a link to a link', (ground) => chain(ground, '0711')),
    closed('two directories above the target of blobs are closed', (ground) =>
      movedOut(ground, BLOBS, { disk2: '0750', 'disk2/vol/store': '0700' }),
    ),
    closed('a mask above the target of blobs takes x from the service’s entry', (ground) =>
      movedOut(ground, BLOBS, { 'disk2/vol': '0755 root:root u:registry:r-x,m::r--' }),
    ),
    closed('a named deny above the target of repositories', (ground) =>
      movedOut(ground, REPOSITORIES, { 'disk2/vol': '0755 root:root u:registry:---' }),
    ),
    closed('a supplementary group may not pass above the target of blobs', (ground) => ({
      ...movedOut(ground, BLOBS, { 'disk2/vol': '0705 root:storage' }),
      identity: ground.accounts.service('registry', ['storage']),
    })),
    denied('mixed', 'a closed directory above the root, and one above the target of blobs', (ground) => {
      const scene = movedOut(ground, BLOBS, { 'disk2/vol': '0750' });
      ground.permit('srv', '0750');
      return { ...scene, at: ground.at('disk2/vol') };
    }),
  ];
}

function unusableTargets(): readonly Scenario[] {
  const target = (what: string, permissions: Permissions, place = BLOBS) => {
    const { truth, ...rest } = denied('inner', what, (ground) => {
      const scene = movedOut(ground, place, {}, 'disk2/vol/moved');
      ground.permit('disk2/vol/moved', permissions);
      return scene;
    });
    const findings = ['inner-directory-unusable', 'wrong-owner'] as const;
    return { ...rest, truth: { ...truth, kind: 'denied', plan: 'cures', findings } } as const;
  };
  return [
    target(
      'repositories is a link to a directory that the service may not write',
      '0555 registry:registry',
      REPOSITORIES,
    ),
    target('repositories is a link to root’s directory', '0755 root:root', REPOSITORIES),
    target('blobs/sha256 is a link to root’s directory', '0755 root:root', `${BLOBS}/sha256`),
    target('blobs is a link to its own directory without x', '0600 registry:registry'),
    target('one repository is a link to root’s own directory', '0700 root:root', `${REPOSITORIES}/group/app`),
    target(
      'the uploads of one repository are a link to root’s directory',
      '0755 root:root',
      `${REPOSITORIES}/group/app/_uploads`,
    ),
  ];
}

function nowhere(): readonly Scenario[] {
  const lost = (ground: Ground, place: string, text: string): Scene => {
    const scene = storage(ground);
    ground.move(innerPath(place), 'lost');
    return { ...scene, at: ground.link(innerPath(place), text) };
  };
  const dangling = { findings: ['dangling-link'], plan: 'none' } as const;
  return [
    built('inner', 'blobs is a link to what is gone', dangling, (ground) => lost(ground, BLOBS, '/nonexistent/blobs')),
    built('inner', 'repositories is a relative link to what is gone', dangling, (ground) =>
      lost(ground, REPOSITORIES, '../../../../gone/repositories'),
    ),
    built('inner', 'docker is a link to what is gone', dangling, (ground) => lost(ground, 'docker', ground.at('gone'))),
    built('inner', 'one repository is a link to what is gone', dangling, (ground) =>
      lost(ground, `${REPOSITORIES}/group/app`, ground.at('gone/app')),
    ),
    built('inner', 'blobs is a link to itself', { findings: ['symlink-loop'], plan: 'none' }, (ground) => ({
      ...lost(ground, BLOBS, 'blobs'),
      at: null,
    })),
    built('inner', 'repositories is a link to a file', { findings: ['not-a-directory'], plan: 'none' }, (ground) => {
      const scene = lost(ground, REPOSITORIES, ground.at('disk2/file'));
      return { ...scene, at: ground.file('disk2/file') };
    }),
    built('inner', 'blobs is a file', { findings: ['not-a-directory'], plan: 'none' }, (ground) => {
      const scene = storage(ground);
      ground.move(innerPath(BLOBS), 'lost');
      return { ...scene, at: ground.file(innerPath(BLOBS), '', '0644 registry:registry') };
    }),
  ];
}

/** The same, without an obstacle. */
function healthyTwins(): readonly Scenario[] {
  const open = (what: string, place: string, above: Readonly<Record<string, Permissions>> = {}) =>
    healthy(`${what}, the way open`, (ground) => movedOut(ground, place, above, 'disk2/vol/store/moved'));
  return [
    open('blobs is a link to another directory', BLOBS),
    open('repositories is a link to another directory', REPOSITORIES),
    open('docker is a link to another directory', 'docker'),
    open('one repository is a link to another directory', `${REPOSITORIES}/group/app`),
    open('blobs is a link below directories that nobody may list', BLOBS, { disk2: '0711', 'disk2/vol': '0711' }),
    open('blobs is a link below a directory with an entry for the service', BLOBS, {
      'disk2/vol': '0700 root:root u:registry:--x',
    }),
    healthy('closed directories beside the way to the target of blobs', (ground) => {
      const scene = movedOut(ground, BLOBS, {});
      for (const aside of ['disk2/other', 'disk2/vol/other', 'disk2/vol/store/other']) ground.dir(aside, '0700');
      return scene;
    }),
    healthy('the target of blobs lies below closed directories, for a registry that runs as root', (ground) => ({
      ...movedOut(ground, BLOBS, { disk2: '0700', 'disk2/vol': '0750 alice:alice' }),
      identity: ground.accounts.service('root'),
    })),
    healthy('a link to what is gone beside the storage’s own directories', (ground) => {
      const scene = storage(ground);
      ground.link(`${innerPath('lost-link')}`, '/nonexistent');
      return scene;
    }),
    healthy('an old copy of the storage, closed, beside docker', (ground) => {
      const scene = storage(ground);
      ground.dir(`${innerPath('docker.old')}/registry/v2/blobs`, '0700 root:root');
      ground.permit(innerPath('docker.old'), '0700 root:root');
      return scene;
    }),
  ];
}
