import { execFileSync } from 'node:child_process';
import type { Ground } from '../ground/ground.ts';
import { addImages, emptyRoot, incident, placeOf } from '../ground/layouts.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { built, denied, healthy, latent, NOTHING_MADE_THERE, UNDER_THE_MOUNT } from './rows.ts';

/** The disk below the storage: missing, another one, read-only, full, immutable. Permissions fix none of it. */
export const mountScenarios: readonly Scenario[] = [
  ...missing(),
  ...oldMounts(),
  ...readOnly(),
  ...full(),
  ...immutable(),
];

/** A storage on a disk at `disk`, as in fstab. The disk is not mounted, and this is in its place. */
function stub(ground: Ground, storage: 'nothing' | 'an empty root' | 'a closed root', options = 'loop'): Scene {
  const image = ground.image('vol.img');
  const at = ground.dir('disk');
  if (storage !== 'nothing')
    emptyRoot(ground, 'disk/registry', storage === 'an empty root' ? '0770 registry:git' : '0700 root:root');
  ground.etc('fstab', `${image} ${at} ext4 ${options} 0 2`);
  return { at, storageRoot: ground.at('disk/registry'), identity: ground.accounts.service() };
}

/** The same disk, correctly mounted. */
function mounted(ground: Ground, fstabOptions = 'loop'): Scene {
  ground.disk('disk');
  emptyRoot(ground, 'disk/registry');
  addImages(ground, 'disk/registry', 'registry:registry');
  ground.etc('fstab', `${ground.at('disk-disk.img')} ${ground.at('disk')} ext4 ${fstabOptions} 0 2`);
  return { storageRoot: ground.at('disk/registry'), identity: ground.accounts.service() };
}

function missing(): readonly Scenario[] {
  const truth = { findings: ['mount-missing'], plan: 'none' } as const;
  return [
    {
      ...built('missing-mount', 'in fstab and not mounted, nothing in its place', truth, (ground) =>
        stub(ground, 'nothing'),
      ),
      overSsh: true,
    },
    latent(
      UNDER_THE_MOUNT,
      built('missing-mount', 'in fstab and not mounted, an empty root in its place: health is green', truth, (ground) =>
        stub(ground, 'an empty root'),
      ),
    ),
    built('missing-mount', 'in fstab and not mounted, a closed root in its place', truth, (ground) =>
      stub(ground, 'a closed root'),
    ),
    built('missing-mount', 'in fstab with noauto, and not mounted', truth, (ground) =>
      stub(ground, 'nothing', 'loop,noauto'),
    ),
    latent(
      UNDER_THE_MOUNT,
      built('missing-mount', 'in fstab with nofail, and not mounted', truth, (ground) =>
        stub(ground, 'an empty root', 'loop,nofail'),
      ),
    ),
    built('missing-mount', 'a link to a disk that is not mounted', truth, (ground) => {
      const scene = stub(ground, 'nothing');
      ground.link('srv/registry', ground.at('disk/registry'));
      return { ...scene, storageRoot: ground.at('srv/registry') };
    }),
    built('missing-mount', 'a closed stub of a missing disk is not to be opened', truth, (ground) => {
      const scene = stub(ground, 'an empty root');
      ground.permit('disk', '0700');
      return scene;
    }),
    latent(
      UNDER_THE_MOUNT,
      built(
        'missing-mount',
        'another disk than fstab says',
        { findings: ['wrong-disk-mounted'], plan: 'none' },
        (ground) => {
          ground.disk('disk');
          emptyRoot(ground, 'disk/registry');
          const at = ground.at('disk');
          ground.etc('fstab', `${deviceOf('/')} ${at} ext4 defaults 0 2`);
          return { at, storageRoot: ground.at('disk/registry'), identity: ground.accounts.service() };
        },
      ),
    ),
    healthy('its disk is mounted, as fstab says', (ground) => mounted(ground)),
    healthy('its disk is mounted, and fstab says noatime', (ground) => mounted(ground, 'loop,noatime')),
    healthy('fstab names another disk that is not mounted, not on the way', (ground) => {
      const scene = incident(ground);
      ground.etc('fstab', `UUID=00000000-0000-0000-0000-000000000001 ${ground.at('data/vol1/aside')} ext4 noauto 0 2`);
      return scene;
    }),
    healthy('swap and a comment in fstab', (ground) => {
      const scene = mounted(ground);
      ground.etc(
        'fstab',
        '# UUID=1 /var/opt ext4 defaults 0 2\nUUID=00000000-0000-0000-0000-000000000002 none swap sw 0 0',
      );
      return scene;
    }),
    denied('mixed', 'its disk is mounted, and closed at its root', (ground) => {
      const scene = mounted(ground);
      ground.permit('disk', '0700');
      return scene;
    }),
  ];
}

function deviceOf(mountPoint: string): string {
  return execFileSync('findmnt', ['-n', '-o', 'SOURCE', mountPoint], { encoding: 'utf8' }).trim();
}

/** The registry was started, in mounts of its own, before the disk was mounted. */
function oldMounts(): readonly Scenario[] {
  const apart = { within: ['unshare', '--mount', '--propagation', 'private'] };
  return [
    latent(
      UNDER_THE_MOUNT,
      built(
        'old-mounts',
        'the disk was mounted after the registry started in mounts of its own',
        { findings: ['container-sees-old-mount'], plan: 'none' },
        (ground) => {
          emptyRoot(ground, 'disk/registry');
          return {
            storageRoot: ground.at('disk/registry'),
            identity: ground.accounts.service(),
            registry: apart,
            onceRunning: () => {
              ground.disk('disk');
              emptyRoot(ground, 'disk/registry');
              addImages(ground, 'disk/registry', 'registry:registry');
            },
          };
        },
      ),
    ),
    healthy('the registry has mounts of its own, and the same disk', (ground) => ({
      ...mounted(ground),
      registry: apart,
    })),
    denied('ancestor', 'closed, for a registry in mounts of its own', (ground) => {
      const scene = incident(ground, { ops: '0750' });
      return { ...scene, registry: apart };
    }),
  ];
}

function readOnly(): readonly Scenario[] {
  const truth = { findings: ['readonly-mount'], plan: 'none' } as const;
  const atRoot = (scene: Scene): Scene => ({ ...scene, at: scene.storageRoot });
  return [
    built('read-only', 'the disk was remounted read-only', truth, (ground) => {
      const scene = mounted(ground);
      return { ...atRoot(scene), onceRunning: () => ground.remount('disk', 'ro') };
    }),
    built('read-only', 'a tmpfs, read-only', truth, (ground) => {
      ground.tmpfs('disk');
      const storageRoot = emptyRoot(ground, 'disk/registry');
      ground.remount('disk', 'ro');
      return { at: storageRoot, storageRoot, identity: ground.accounts.service() };
    }),
    built('read-only', 'a read-only bind mount', truth, (ground) => {
      emptyRoot(ground, 'data/registry');
      const storageRoot = ground.bind('data/registry', 'srv/registry');
      ground.remount('srv/registry', 'bind,ro');
      return { at: storageRoot, storageRoot, identity: ground.accounts.service() };
    }),
    built('read-only', 'read-only, and root’s besides', truth, (ground) => {
      ground.tmpfs('disk');
      const storageRoot = emptyRoot(ground, 'disk/registry', '0755 root:root');
      ground.remount('disk', 'ro');
      return { at: storageRoot, storageRoot, identity: ground.accounts.service() };
    }),
  ];
}

function full(): readonly Scenario[] {
  const truth = { findings: ['filesystem-full'], plan: 'none' } as const;
  const small = (ground: Ground, mkfs: readonly string[] = []) => {
    ground.disk('disk', 'rw', 8, mkfs);
    const storageRoot = emptyRoot(ground, 'disk/registry');
    addImages(ground, 'disk/registry', 'registry:registry');
    ground.etc('fstab', `${ground.at('disk-disk.img')} ${ground.at('disk')} ext4 loop 0 2`);
    return { at: storageRoot, storageRoot, identity: ground.accounts.service() };
  };
  return [
    built('full', 'no space left', truth, (ground) => {
      const scene = small(ground);
      ground.fill('disk');
      return scene;
    }),
    built('full', 'no inodes left', truth, (ground) => {
      const scene = small(ground, ['-N', '64']);
      ground.useUpInodes('disk');
      return scene;
    }),
    built('full', 'a tmpfs without space', truth, (ground) => {
      ground.tmpfs('disk', 'mode=0755,size=1M');
      const storageRoot = emptyRoot(ground, 'disk/registry');
      ground.fill('disk');
      return { at: storageRoot, storageRoot, identity: ground.accounts.service() };
    }),
    healthy('half of the disk is used', (ground) => {
      const scene = small(ground);
      ground.file('disk/half', 'x'.repeat(3 * 1024 * 1024));
      return { ...scene, at: null };
    }),
  ];
}

function immutable(): readonly Scenario[] {
  const truth = { findings: ['immutable-directory'], plan: 'none' } as const;
  const withAttribute = (place: 'root' | 'repositories' | 'blobs', flag: 'i' | 'a') => (ground: Ground) => {
    const scene = incident(ground);
    ground.attribute(placeOf(place), flag);
    return { ...scene, at: ground.at(placeOf(place)) };
  };
  return [
    latent(NOTHING_MADE_THERE, built('immutable', 'the root is immutable', truth, withAttribute('root', 'i'))),
    latent(
      NOTHING_MADE_THERE,
      built('immutable', 'the root is immutable, and root’s besides', truth, (ground) => {
        const scene = incident(ground, { root: '0755 root:root' });
        ground.attribute(placeOf('root'), 'i');
        return { ...scene, at: ground.at(placeOf('root')) };
      }),
    ),
    healthy('an immutable ancestor does no harm', (ground) => {
      const scene = incident(ground);
      ground.attribute(placeOf('ops'), 'i');
      return scene;
    }),
    healthy('an immutable file beside the images', (ground) => {
      const scene = incident(ground);
      ground.file(`${placeOf('root')}/.keep`);
      ground.attribute(`${placeOf('root')}/.keep`, 'i');
      return scene;
    }),
  ];
}
