import { absent, known, unknown } from '../../../src/model/fact.ts';
import { MountSetup } from '../../../src/model/host/disk.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { type HostEvent, HostEventKind } from '../../../src/model/host/history.ts';
import { dir, hostPath, link, missing, mountOf, processOf } from '../../support/facts/facts-builder.ts';
import type { SeededRandom } from '../../support/random.ts';
import {
  BOOT,
  event,
  FIRST_BAD,
  LAST_GOOD,
  LONG_AGO,
  OLD_START,
  onDisk,
  PREVIOUS_BOOT,
  recordsOf,
  TAKEN,
} from './why-now-facts.ts';

const TIMES = [
  0,
  LONG_AGO,
  PREVIOUS_BOOT,
  OLD_START,
  LAST_GOOD,
  BOOT - 61,
  BOOT,
  BOOT + 60,
  FIRST_BAD,
  FIRST_BAD + 900,
  TAKEN,
  TAKEN + 9e6,
  Number.MAX_SAFE_INTEGER - 5,
];
const PATHS = ['/', '/data', '/data/ops', '/srv/link', '/data/ops/registry', '/elsewhere'];
const TEXTS = [
  'sudo, by x: /bin/chmod -R 777 /data',
  'kernel: EXT4-fs (sdb1): recovery complete',
  'usermod: registry',
  'x'.repeat(300),
  '\u202e`*<!channel>',
  'chronyd: System clock was stepped by 99999999 seconds',
];

/** A fault with a past, any part of which may contradict any other or be unknown. */
export function randomStory(random: SeededRandom): Facts {
  const when = () => random.pick(TIMES) + random.int(3) - 1;
  const maybe = <T>(value: T) =>
    random.chance(70) ? known(value) : random.chance(50) ? absent : unknown('not-permitted');
  const isThere = random.chance(75);
  const storageRoot = '/srv/link/registry';
  const nodes = [
    link('/srv/link', '/data/ops'),
    dir('/data', random.pick(['0700', '0755'])),
    dir('/data/ops', random.pick(['0700', '0750', '0755']), 'root:ops'),
    isThere ? dir('/data/ops/registry', '0770', 'registry:registry') : missing('/data/ops/registry'),
  ].map((node) =>
    node.state === 'present' ? { ...node, changedAt: when(), modifiedAt: maybe(when()), bornAt: maybe(when()) } : node,
  );
  const events: HostEvent[] = Array.from({ length: random.int(12) }, () =>
    event(random.pick(HostEventKind.options), when(), {
      path: random.pick(PATHS),
      text: random.pick(TEXTS),
      source: random.pick(['journal', '/var/log/kern.log', 'wtmp']),
    }),
  );
  const records = recordsOf({
    events,
    files: [
      ['config', when()],
      ['passwd', when()],
      ['fstab', when()],
      ['binary', when()],
      ['group', when()],
    ],
    lastGood: random.chance(50) ? when() : null,
    firstBad: random.chance(60) ? when() : null,
    lastOk: random.chance(50) ? when() : null,
    logsFrom: when(),
  });
  const closed = ['/data', '/data/ops'].filter(() => random.chance(60));
  const hidden = unknown('not-permitted');
  return {
    ...onDisk({
      storageRoot,
      nodes,
      closed,
      mounts: random.chance(80)
        ? known([
            mountOf({ mountPoint: hostPath('/') }),
            mountOf({ mountPoint: hostPath(random.pick(PATHS)), source: '/dev/sdb1' }),
          ])
        : hidden,
      contents: random.chance(50) ? hidden : absent,
    }),
    bootedAt: maybe(BOOT),
    process: random.chance(80)
      ? known(processOf({ startedAt: maybe(when()), mountNamespace: random.pick(['same', 'unknown'] as const) }))
      : hidden,
    logs: random.chance(80) ? records.logs : hidden,
    history: random.chance(80) ? records.history : hidden,
    mountSetup: random.chance(80) ? known(randomSetup(random, when)) : hidden,
    clockAheadSeconds: maybe(random.int(400) - 200),
  };
}

function randomSetup(random: SeededRandom, when: () => number): MountSetup {
  const part = <T>(value: T) => (random.chance(75) ? known(value) : unknown('not-permitted'));
  const place = () => random.pick(PATHS);
  return MountSetup.parse({
    fstab: part([
      { source: random.pick(['UUID=1', '/dev/sdb1']), mountPoint: place(), filesystem: 'ext4', options: [] },
    ]),
    units: part([
      {
        ...{ unit: 'data.mount', where: place(), what: '/dev/sdb1', result: 'success', enabled: false },
        activeState: random.pick(['active', 'failed', 'inactive']),
        definedIn: random.pick(['', '/etc/fstab']),
        activeSince: known(when()),
      },
    ]),
    resets: part([
      {
        ...{ kind: 'tmpfiles', file: '/etc/tmpfiles.d/x.conf', line: 'd', path: place(), recursive: random.chance(30) },
        sets: random.chance(50) ? null : { mode: '0700', owner: null, group: null },
      },
    ]),
    uuids: known({}),
    devices: unknown('not-looked-at'),
  });
}
