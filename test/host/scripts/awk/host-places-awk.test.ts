import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

/** Which places of the host may be the directories of a process, from both mount tables. */

const SCRIPTS = new URL('../../../../src/host/scripts/', import.meta.url);
const PROGRAM = ['awk/host-places.awk', 'awk/escape-path.awk']
  .map((file) => readFileSync(new URL(file, SCRIPTS), 'utf8'))
  .join('\n');
/** Those of them that this machine has. */
const AWKS = [['mawk'], ['gawk', '--posix'], ['original-awk'], ['busybox', 'awk']].filter(
  ([program = '', ...args]) => spawnSync(program, [...args, 'BEGIN { exit 0 }']).status === 0,
);

/** `ID PARENT DEVICE ROOT POINT TYPE`, as a line of mountinfo. */
function line(mount: string): string {
  const [id, parent, device, root, point, type = 'ext4'] = mount.split(' ');
  return `${id} ${parent} ${device} ${root} ${point} rw,relatime shared:1 - ${type} /dev/${device} rw`;
}

type Case = {
  readonly what: string;
  readonly process: readonly string[];
  readonly host: readonly string[];
  readonly path: string;
  readonly places: readonly string[];
  /** The mount points of the host that hold them. */
  readonly held?: readonly string[];
};

const HOST = ['1 0 8:1 / /'];
const LAYER = '10 9 0:40 / / overlay';

const CASES: readonly Case[] = [
  {
    what: 'a bind-mounted directory',
    process: [LAYER, '11 10 8:1 /srv/disk /storage'],
    host: HOST,
    path: '/storage/registry',
    places: ['/srv/disk/registry'],
    held: ['/'],
  },
  {
    what: 'a disk that the host has in two places: the plain one before the bind',
    process: [LAYER, '11 10 8:17 /registry /storage'],
    host: [...HOST, '2 1 8:17 /registry /var/opt', '3 1 8:17 / /data'],
    path: '/storage',
    places: ['/data/registry', '/var/opt'],
    held: ['/', '/var/opt', '/data'],
  },
  {
    what: 'a disk in two places, with the process’s own path first',
    process: ['21 20 8:1 / /', '22 21 8:17 / /srv/disk'],
    host: [...HOST, '2 1 8:17 / /other', '3 1 8:17 / /srv/disk'],
    path: '/srv/disk/registry',
    places: ['/srv/disk/registry', '/other/registry'],
    held: ['/', '/other', '/srv/disk'],
  },
  {
    what: 'a filesystem that the host does not have',
    process: [LAYER, '11 10 0:99 / /storage'],
    host: HOST,
    path: '/storage',
    places: [],
  },
  {
    what: 'layers of a container, though the host has them mounted',
    process: [LAYER],
    host: [...HOST, '2 1 0:40 / /var/lib/docker/overlay2/x/merged overlay'],
    path: '/srv',
    places: [],
  },
  {
    what: 'layers on which the host itself stands, as a live system',
    process: ['21 20 0:40 / / overlay'],
    host: ['1 0 0:40 / / overlay'],
    path: '/srv',
    places: ['/srv'],
    held: ['/'],
  },
  {
    what: 'what a later mount of the process covers',
    process: [LAYER, '11 10 8:1 /old /storage', '12 11 8:1 /new /storage'],
    host: HOST,
    path: '/storage/registry',
    places: ['/new/registry'],
    held: ['/'],
  },
  {
    what: 'a mount that is hidden under a later one above it',
    process: [LAYER, '11 10 8:1 /old /a/b', '12 10 8:1 /new /a'],
    host: HOST,
    path: '/a/b',
    places: ['/new/b'],
    held: ['/'],
  },
  {
    what: 'a subvolume that is mounted as the root',
    process: [LAYER, '11 10 0:30 /@/srv /storage'],
    host: ['1 0 0:30 /@ /'],
    path: '/storage',
    places: ['/srv'],
    held: ['/'],
  },
  {
    what: 'a root that only begins with the same letters',
    process: [LAYER, '11 10 8:17 /registry2 /storage'],
    host: [...HOST, '2 1 8:17 /registry /data'],
    path: '/storage',
    places: [],
  },
  {
    what: 'names that mount tables escape',
    process: [LAYER, '11 10 8:1 /a\\040b /storage'],
    host: HOST,
    path: '/storage/c\\d\n#%',
    places: ['/a\\0040b/c\\0134d\\0012\\0043%'],
    held: ['/'],
  },
];

describe('the probe finds a containerized process’s paths on the host', () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'host-places-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const table = (name: string, mounts: readonly string[]) => {
    const file = join(directory, name);
    writeFileSync(file, `${mounts.map(line).join('\n')}\n`);
    return file;
  };

  for (const [program = '', ...args] of AWKS) {
    describe(`by ${program}`, () => {
      for (const { what, process, host, path, places, held = [] } of CASES) {
        test(`the probe finds the host’s paths of a process, by ${program}: ${what}`, () => {
          const tables = ['-v', `table=${table('process', process)}`, '-v', `own_table=${table('host', host)}`];
          const run = spawnSync(program, [...args, ...tables, PROGRAM, path], {
            encoding: 'utf8',
            env: { ...globalThis.process.env, LC_ALL: 'C' },
          });
          assert.equal(run.stderr, '');
          const lines = run.stdout.split('\n').slice(0, -1);
          const end = lines.indexOf('---');
          assert.deepEqual(
            lines.slice(0, end),
            places.map((place) => `1 ${place}`),
          );
          assert.deepEqual(
            lines.slice(end + 1).map((mount) => mount.split(' ')[4]),
            held,
          );
        });
      }
    });
  }
});
