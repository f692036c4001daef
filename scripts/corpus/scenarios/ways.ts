import type { Ground } from '../ground/ground.ts';
import { addImages, emptyRoot, incident, plainPath } from '../ground/layouts.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { built, denied, healthy } from './rows.ts';

/** A storage at `place/registry`, with this path in the config (relative to the ground). */
function storageTold(ground: Ground, place: string, told: string): Scene {
  emptyRoot(ground, `${place}/registry`);
  return { storageRoot: ground.at(told), identity: ground.accounts.service() };
}

function linkScenarios(): readonly Scenario[] {
  const chain = (ground: Ground, length: number, permissions: string) => {
    emptyRoot(ground, 'end/registry');
    ground.permit('end', permissions);
    for (let index = 1; index < length; index += 1) ground.link(`l${index}`, `l${index + 1}`);
    ground.link(`l${length}`, 'end');
    return { storageRoot: ground.at('l1/registry'), identity: ground.accounts.service() };
  };
  const relative = (ground: Ground, disk: string) => {
    const scene = storageTold(ground, 'data/disk', 'srv/a/link/registry');
    ground.link('srv/a/link', '../../data/disk');
    ground.permit('data/disk', disk);
    return scene;
  };
  const detour = (ground: Ground, aside: string) => {
    ground.dir('aside/deep');
    const scene = storageTold(ground, 'data', 'aside/deep/../../data/registry');
    ground.permit('aside/deep', aside);
    return scene;
  };
  const detourThroughLink = (ground: Ground, far: string) => {
    // "link/.." is the parent of the symlink's target, not of the symlink.
    emptyRoot(ground, 'far/registry');
    ground.dir('far/inner');
    ground.link('near', 'far/inner');
    ground.permit('far', far);
    return { storageRoot: ground.at('near/../registry'), identity: ground.accounts.service() };
  };
  const linkToLink = (ground: Ground, middle: string) => {
    emptyRoot(ground, 'disk/registry');
    ground.dir('middle');
    ground.link('middle/second', ground.at('disk'));
    ground.link('first', ground.at('middle/second'));
    ground.permit('middle', middle);
    return { storageRoot: ground.at('first/registry'), identity: ground.accounts.service() };
  };
  const twice = (ground: Ground, disk: string) => {
    emptyRoot(ground, 'disk/registry');
    ground.link('disk/self', '.');
    ground.permit('disk', disk);
    return { storageRoot: ground.at('disk/self/self/self/registry'), identity: ground.accounts.service() };
  };
  return [
    healthy('40 links one after the other', (ground) => chain(ground, 40, '0755')),
    denied('ancestor', 'behind 40 links', (ground) => chain(ground, 40, '0750')),
    built('link', '41 links, one too many', { findings: ['symlink-loop'], plan: 'none' }, (ground) =>
      chain(ground, 41, '0755'),
    ),
    healthy('a relative link with ..', (ground) => relative(ground, '0711')),
    denied('ancestor', 'behind a relative link with ..', (ground) => relative(ground, '0700')),
    healthy('a detour by .. through an open directory', (ground) => detour(ground, '0711')),
    healthy('a detour by .. through a closed directory, which the registry never takes', (ground) =>
      detour(ground, '0700'),
    ),
    healthy('.. behind a link: the registry takes it by the words', (ground) => {
      const scene = detourThroughLink(ground, '0700');
      emptyRoot(ground, 'registry');
      return scene;
    }),
    denied('ancestor', '.. behind a link, closed where the words lead', (ground) => {
      const scene = detourThroughLink(ground, '0755');
      emptyRoot(ground, 'closed/registry');
      ground.permit('closed', '0750');
      ground.link('closed/near', '../far/inner');
      return { ...scene, storageRoot: ground.at('closed/near/../registry') };
    }),
    healthy('a link to a link', (ground) => linkToLink(ground, '0711')),
    denied('ancestor', 'a link to a link in a closed directory', (ground) => linkToLink(ground, '0700')),
    healthy('a link to its own directory, three times', (ground) => twice(ground, '0711')),
    denied('ancestor', 'a closed directory that is passed four times', (ground) => twice(ground, '0750')),
    healthy('slashes and dots without need', (ground) => storageTold(ground, 'data', 'data//./registry/')),
    denied('ancestor', 'slashes and dots without need, closed', (ground) => {
      const scene = storageTold(ground, 'data', 'data//.///registry//');
      ground.permit('data', '0750');
      return scene;
    }),
    healthy('the root itself is a link', (ground) => {
      emptyRoot(ground, 'disk/store');
      ground.link('srv/registry', '../disk/store');
      return { storageRoot: ground.at('srv/registry'), identity: ground.accounts.service() };
    }),
    healthy('closed directories beside the way, none on it', (ground) => {
      const scene = incident(ground);
      for (const aside of ['data/other', 'data/vol1/other', 'var/opt/gitlab/git-data']) ground.dir(aside, '0700');
      return scene;
    }),
    healthy('the link of a stranger, in a directory without the sticky bit', (ground) => {
      const scene = storageTold(ground, 'data', 'open/link/registry');
      ground.dir('open', '0755 alice:alice');
      ground.link('open/link', '../data');
      return scene;
    }),
  ];
}

/** Broken paths: nothing should be created or opened there. */
function nowhereScenarios(): readonly Scenario[] {
  const dangling = (ground: Ground, target: string): Scene => ({
    at: ground.link('var/opt/gitlab/gitlab-rails', target),
    storageRoot: ground.at('var/opt/gitlab/gitlab-rails/shared/registry'),
    identity: ground.accounts.service(),
  });
  const truth = { findings: ['dangling-link'], plan: 'none' } as const;
  return [
    built('link', 'the link of the incident, its target gone', truth, (ground) => {
      ground.dir('data/vol1');
      return dangling(ground, ground.at('data/vol1/ops/gitlab-rails'));
    }),
    built('link', 'a relative link, its target gone', truth, (ground) =>
      dangling(ground, '../../../data/gitlab-rails'),
    ),
    built('link', 'a dangling link below a closed directory', truth, (ground) => {
      const scene = dangling(ground, ground.at('data/vol1/ops/gitlab-rails'));
      ground.dir('data/vol1', '0700');
      return scene;
    }),
    built('link', 'the root itself a dangling link', truth, (ground) => {
      const at = ground.link('srv/registry', '/nonexistent/registry');
      return { at, storageRoot: at, identity: ground.accounts.service() };
    }),
    built('link', 'a link to a file', { findings: ['not-a-directory'], plan: 'none' }, (ground) => {
      const at = ground.file('data/file');
      ground.link('srv/link', '../data/file');
      return { at, storageRoot: ground.at('srv/link/registry'), identity: ground.accounts.service() };
    }),
    built('link', 'a file where the root should be', { findings: ['not-a-directory'], plan: 'none' }, (ground) => {
      const at = ground.file('srv/registry', '', '0644 registry:registry');
      return { at, storageRoot: at, identity: ground.accounts.service() };
    }),
    built('link', 'two links in a circle', { findings: ['symlink-loop'], plan: 'none' }, (ground) => {
      ground.link('a', 'b');
      ground.link('b', 'a');
      return { storageRoot: ground.at('a/registry'), identity: ground.accounts.service() };
    }),
    built('link', 'a link to itself', { findings: ['symlink-loop'], plan: 'none' }, (ground) => {
      ground.link('srv/registry', 'registry');
      return { storageRoot: ground.at('srv/registry'), identity: ground.accounts.service() };
    }),
    built(
      'link',
      'a root that is not there, below root’s own directory',
      { findings: ['storage-root-missing'], plan: 'none' },
      (ground) => {
        ground.dir('srv');
        const at = ground.at('srv/registry');
        return { at, storageRoot: at, identity: ground.accounts.service() };
      },
    ),
    built(
      'link',
      'a directory in the middle that is not there',
      { findings: ['storage-root-missing'], plan: 'none' },
      (ground) => {
        ground.dir('srv');
        return {
          at: ground.at('srv/lost'),
          storageRoot: ground.at('srv/lost/and/registry'),
          identity: ground.accounts.service(),
        };
      },
    ),
  ];
}

/**
 * A bind mount skips the ancestors of its source, a symlink does not. A mounted root counts, and not what it covers.
 */
function mountScenarios(): readonly Scenario[] {
  const bound = (ground: Ground, above: string, at: string) => {
    emptyRoot(ground, 'data/vol/registry');
    addImages(ground, 'data/vol/registry', 'registry:registry');
    ground.permit('data/vol', above);
    ground.dir('srv', at);
    ground.bind('data/vol/registry', 'srv/registry');
    return { storageRoot: ground.at('srv/registry'), identity: ground.accounts.service() };
  };
  const covered = (ground: Ground, stub: string, root: string) => {
    ground.dir('disk', stub);
    ground.tmpfs('disk', `mode=${root}`);
    emptyRoot(ground, 'disk/registry');
    return { storageRoot: ground.at('disk/registry'), identity: ground.accounts.service() };
  };
  const boundAbove = (ground: Ground, permissions: string) => {
    emptyRoot(ground, 'data/vol/inner/registry');
    ground.permit('data/vol/inner', permissions);
    ground.permit('data/vol', '0700');
    ground.bind('data/vol/inner', 'srv/inner');
    return { storageRoot: ground.at('srv/inner/registry'), identity: ground.accounts.service() };
  };
  const linkIntoBind = (ground: Ground, permissions: string) => {
    const scene = boundAbove(ground, permissions);
    ground.link('link', ground.at('srv/inner'));
    return { ...scene, storageRoot: ground.at('link/registry') };
  };
  return [
    healthy('a bind mount skips closed ancestors of its source', (ground) => bound(ground, '0700', '0755')),
    denied('ancestor', 'a bind mount below a closed directory', (ground) => bound(ground, '0755', '0750')),
    denied('ancestor', 'a bind mount, closed before and behind: only before counts', (ground) =>
      bound(ground, '0700', '0750'),
    ),
    healthy('a mounted disk over a closed stub', (ground) => covered(ground, '0000', '0755')),
    denied('ancestor', 'a closed disk over an open stub', (ground) => covered(ground, '0755', '0700')),
    healthy('a bind mount of an open directory in a closed one', (ground) => boundAbove(ground, '0711')),
    denied('ancestor', 'a bind mount of a closed directory in a closed one', (ground) => boundAbove(ground, '0700')),
    healthy('a link into a bind mount', (ground) => linkIntoBind(ground, '0711')),
    denied('mixed', 'a link into a bind mount that is closed', (ground) => linkIntoBind(ground, '0750')),
    denied('mixed', 'link, bind mount, group and .. in one path', (ground) => {
      emptyRoot(ground, 'data/vol/inner/registry');
      ground.permit('data/vol/inner', '0705 root:registry');
      ground.bind('data/vol/inner', 'srv/inner');
      ground.dir('aside/here', '0750');
      ground.link('link', 'aside/here/../../srv/inner');
      return { storageRoot: ground.at('link/registry'), identity: ground.accounts.service() };
    }),
    healthy('a disk of its own, fresh, with lost+found in the root', (ground) => {
      ground.disk('disk');
      ground.permit('disk', '0770 registry:git');
      ground.etc('fstab', `${ground.at('disk-disk.img')} ${ground.at('disk')} ext4 loop 0 2`);
      return { storageRoot: ground.at('disk'), identity: ground.accounts.service() };
    }),
    healthy('noexec, nosuid, nodev and noatime', (ground) => {
      ground.disk('disk', 'noexec,nosuid,nodev,noatime');
      emptyRoot(ground, 'disk/registry');
      ground.etc(
        'fstab',
        `${ground.at('disk-disk.img')} ${ground.at('disk')} ext4 loop,noexec,nosuid,nodev,noatime 0 2`,
      );
      return { storageRoot: ground.at('disk/registry'), identity: ground.accounts.service() };
    }),
    healthy('a read-only bind mount of something else beside it', (ground) => {
      const scene = incident(ground);
      ground.dir('data/vol1/backups');
      ground.bind('data/vol1/backups', 'data/vol1/backups');
      ground.remount('data/vol1/backups', 'bind,ro');
      return scene;
    }),
    built(
      'mount-options',
      'nosymfollow on the disk of the link',
      { findings: ['nosymfollow-mount'], plan: 'none' },
      (ground) => {
        ground.tmpfs('srv', 'mode=0755');
        emptyRoot(ground, 'data/registry');
        const at = ground.link('srv/link', '../data');
        ground.remount('srv', 'nosymfollow');
        return { at, storageRoot: ground.at('srv/link/registry'), identity: ground.accounts.service() };
      },
    ),
  ];
}

/** Names that only an attacker, or an accident, would choose. Those that are not UTF-8 are behind a symlink. */
const NAMES: readonly (readonly [what: string, name: string])[] = [
  ['a newline', 'new\nline'],
  ['a command', '$(touch rd-was-here)`id`;reboot'],
  ['quotes', `it's "quoted"`],
  ['a leading dash', '-rf'],
  ['spaces at both ends', ' a b '],
  ['a star', '*'],
  ['letters of three scripts', 'реестр-登録-ré'],
  ['a right-to-left override', 'a\u202egnp.exe'],
  ['escapes of a terminal', '\u001b[2J\u0007'],
  ['bytes that are no UTF-8', '\\xff\\xfe'],
  ['what reads like an escape', '\\x5cxff'],
  ['255 bytes', 'n'.repeat(255)],
];

function nameScenarios(): readonly Scenario[] {
  const named = (ground: Ground, name: string, permissions: string) => {
    emptyRoot(ground, `data/${name}/registry`);
    ground.permit(`data/${name}`, permissions);
    ground.link('link', ground.at(`data/${name}`));
    return { storageRoot: ground.at('link/registry'), identity: ground.accounts.service() };
  };
  const deep = (ground: Ground, closed: readonly number[]) =>
    plainPath(ground, [
      ...Array.from({ length: 40 }, (_, index) => [`level${index}`, closed.includes(index) ? '0750' : '0755'] as const),
      ['registry', '0770 registry:git'] as const,
    ]);
  return [
    ...NAMES.flatMap(([what, name]) => [
      healthy(`an ancestor's name has ${what}`, (ground) => named(ground, name, '0711')),
      denied('ancestor', `closed, and its name has ${what}`, (ground) => named(ground, name, '0750')),
    ]),
    healthy('forty directories deep', (ground) => deep(ground, [])),
    denied('ancestor', 'forty directories deep, the last closed', (ground) => deep(ground, [39])),
    denied('mixed', 'forty directories deep, every fifth closed', (ground) =>
      deep(ground, [0, 5, 10, 15, 20, 25, 30, 35]),
    ),
  ];
}

/** Indirect paths to the storage: symlinks, `..`, mounts, hostile names, depth. */
export const wayScenarios: readonly Scenario[] = [
  ...linkScenarios(),
  ...nowhereScenarios(),
  ...mountScenarios(),
  ...nameScenarios(),
];
