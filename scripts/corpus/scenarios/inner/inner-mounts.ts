import type { FindingId } from '../../../../src/model/diagnosis/finding.ts';
import type { Ground } from '../../ground/ground.ts';
import type { Scenario, Scene, Truth } from '../../scenario.ts';
import { built, denied, healthy } from '../rows.ts';
import { BLOBS, innerPath, mountedOver, movedOut, REPOSITORIES, storage, V2 } from './inner-layout.ts';

/** A part of the storage is a filesystem of its own. */
export const innerMountScenarios: readonly Scenario[] = [
  ...wholeStorage(),
  ...apartFromEachOther(),
  ...fullOrReadOnly(),
  ...notMounted(),
  ...closedAtItsRoot(),
];

/** Blobs and repositories are together below the mount, which is sound. */
function wholeStorage(): readonly Scenario[] {
  const disk = (place: string, options: string) => (ground: Ground) => {
    const scene = mountedOver(ground, place, (relative) => ground.disk(relative, options));
    const image = ground.at(`disk-${innerPath(place).replaceAll('/', '-')}.img`);
    ground.etc('fstab', `${image} ${ground.at(innerPath(place))} ext4 loop,${options} 0 2`);
    return scene;
  };
  return [
    healthy('docker is a disk of its own, with lost+found in it', disk('docker', 'rw')),
    healthy('v2 is a disk of its own', disk(V2, 'rw')),
    healthy('docker is a disk of its own, noexec, nosuid and nodev', disk('docker', 'noexec,nosuid,nodev')),
    healthy('docker is a tmpfs', (ground) => mountedOver(ground, 'docker', (relative) => ground.tmpfs(relative))),
    healthy('v2 is a bind mount that skips a closed directory', (ground) => {
      const scene = storage(ground);
      ground.dir('closed');
      ground.move(innerPath(V2), 'closed/v2');
      ground.permit('closed', '0700');
      ground.bind('closed/v2', innerPath(V2));
      return scene;
    }),
    healthy('docker is a link to the root of another disk', (ground) => {
      const scene = storage(ground);
      ground.move(innerPath('docker'), 'aside');
      ground.disk('disk2');
      ground.copy(ground.at('aside'), 'disk2');
      ground.permit('disk2', '0755 registry:registry');
      ground.link(innerPath('docker'), ground.at('disk2'));
      return scene;
    }),
  ];
}

/**
 * Between `_uploads` and `blobs` the registry renames (distribution, registry/storage/driver/filesystem/driver.go,
 * Move), and rename(2) can't cross mounts: "invalid cross-device link" for each push, though every directory is
 * writable.
 */
function apartFromEachOther(): readonly Scenario[] {
  const findings: readonly FindingId[] = ['storage-spans-filesystems', 'pushes-failed'];
  const apart = (name: string, build: Scenario['build']) =>
    built('inner', name, { findings, verdict: ['faulty', 'inconclusive'], plan: 'none' }, build);
  return [
    apart('blobs is a disk of its own, so that no upload can be moved there', (ground) =>
      mountedOver(ground, BLOBS, (relative) => ground.disk(relative)),
    ),
    apart('repositories is a tmpfs of its own', (ground) =>
      mountedOver(ground, REPOSITORIES, (relative) => ground.tmpfs(relative)),
    ),
    apart('blobs is a bind mount of the same disk', (ground) => {
      const scene = storage(ground);
      ground.move(innerPath(BLOBS), 'disk2/blobs');
      ground.bind('disk2/blobs', innerPath(BLOBS));
      return scene;
    }),
    apart('blobs is a link to another disk, the way open', (ground) => {
      ground.tmpfs('disk2');
      const scene = storage(ground);
      ground.copy(ground.at(innerPath(BLOBS)), 'disk2/blobs');
      ground.move(innerPath(BLOBS), 'aside');
      ground.permit('disk2/blobs', '0755 registry:registry');
      ground.link(innerPath(BLOBS), ground.at('disk2/blobs'));
      return scene;
    }),
    apart('a push has failed for it, and the log tells', (ground) => ({
      ...mountedOver(ground, BLOBS, (relative) => ground.tmpfs(relative)),
      onceRunning: async ({ client }) => {
        await client.pushBlob('group/app', Buffer.from('a layer')).catch(() => {});
      },
    })),
  ];
}

function fullOrReadOnly(): readonly Scenario[] {
  const at = (ground: Ground, place: string, scene: Scene): Scene => ({ ...scene, at: ground.at(innerPath(place)) });
  const full = { findings: ['filesystem-full'], plan: 'none' } as const;
  const readOnly = { findings: ['readonly-mount'], plan: 'none' } as const;
  const small = (ground: Ground, place: string, mkfs: readonly string[] = []) =>
    at(
      ground,
      place,
      mountedOver(ground, place, (relative) => ground.disk(relative, 'rw', 8, mkfs)),
    );
  return [
    ...[V2, REPOSITORIES, BLOBS].map((place) =>
      built('inner', `${place} is a disk of its own, and full; the root has room`, full, (ground) => {
        const scene = small(ground, place);
        ground.fill(innerPath(place));
        return scene;
      }),
    ),
    built('inner', 'v2 is a disk of its own without inodes', full, (ground) => {
      const scene = small(ground, V2, ['-N', '128']);
      ground.useUpInodes(innerPath(V2));
      return scene;
    }),
    ...['docker', BLOBS].map((place) =>
      built('inner', `${place} is a disk of its own, remounted read-only`, readOnly, (ground) => ({
        ...small(ground, place),
        onceRunning: () => ground.remount(innerPath(place), 'ro'),
      })),
    ),
    built('inner', 'the kernel has stopped the disk at docker after an error', readOnly, (ground) => {
      const scene = mountedOver(ground, 'docker', (relative) => ground.disk(relative, 'rw,errors=remount-ro'));
      return at(ground, 'docker', { ...scene, onceRunning: () => ground.fail(innerPath('docker')) });
    }),
    built('inner', 'repositories is a read-only bind mount', readOnly, (ground) => {
      const scene = storage(ground);
      ground.move(innerPath(REPOSITORIES), 'disk2/repositories');
      ground.bind('disk2/repositories', innerPath(REPOSITORIES));
      ground.remount(innerPath(REPOSITORIES), 'bind,ro');
      return at(ground, REPOSITORIES, scene);
    }),
    ...[REPOSITORIES, `${BLOBS}/sha256`].map((place) =>
      built('inner', `${place} is immutable`, { findings: ['immutable-directory'], plan: 'none' }, (ground) => {
        const scene = storage(ground);
        ground.attribute(innerPath(place), 'i');
        return at(ground, place, scene);
      }),
    ),
    built(
      'inner',
      'the target of blobs is immutable',
      { findings: ['immutable-directory'], plan: 'none' },
      (ground) => {
        const scene = movedOut(ground, `${BLOBS}/sha256`, {});
        ground.attribute('disk2/vol/store/sha256', 'i');
        return { ...scene, at: ground.at('disk2/vol/store/sha256') };
      },
    ),
    healthy('half of the disk at docker is used', (ground) => {
      const scene = small(ground, 'docker');
      ground.file('srv/registry/docker/half', 'x'.repeat(3 * 1024 * 1024), '0644 registry:registry');
      return { ...scene, at: null };
    }),
  ];
}

/** In fstab, but only the directory under the mount exists. */
function notMounted(): readonly Scenario[] {
  const missing = { findings: ['mount-missing'], plan: 'none' } as const;
  const stub = (ground: Ground, place: string, permissions: string): Scene => {
    const scene = storage(ground);
    ground.move(innerPath(place), 'lost');
    const at = ground.dir(innerPath(place), permissions);
    ground.etc('fstab', `${ground.image('vol.img')} ${at} ext4 loop 0 2`);
    return { ...scene, at };
  };
  return [
    built('inner', 'docker is in fstab and not mounted, root’s directory in its place', missing, (ground) =>
      stub(ground, 'docker', '0755 root:root'),
    ),
    built('inner', 'v2 is in fstab and not mounted, a directory of the service in its place', missing, (ground) =>
      stub(ground, V2, '0755 registry:registry'),
    ),
    built('inner', 'blobs is in fstab and not mounted', missing, (ground) => stub(ground, BLOBS, '0755 root:root')),
  ];
}

function closedAtItsRoot(): readonly Scenario[] {
  const truth: Truth = {
    kind: 'denied',
    plan: 'cures',
    findings: ['inner-directory-unusable', 'wrong-owner', 'untraversable-ancestor'],
  };
  const fresh = (name: string, place: string, mode: string): Scenario => ({
    ...denied('inner', name, (ground) =>
      mountedOver(ground, place, (relative) => ground.disk(relative), `${mode} root:root`),
    ),
    truth,
  });
  return [
    fresh('docker is a disk of its own, closed at its root', 'docker', '0700'),
    fresh('v2 is a disk of its own, closed at its root', V2, '0750'),
    {
      ...denied('inner', 'docker is a fresh disk, and root’s as mkfs leaves it', (ground) => {
        const scene = storage(ground);
        ground.move(innerPath('docker'), 'aside');
        ground.dir(innerPath('docker'));
        ground.disk(innerPath('docker'));
        return { ...scene, pushed: [] };
      }),
      truth,
    },
  ];
}
