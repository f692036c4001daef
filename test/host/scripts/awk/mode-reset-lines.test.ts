import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandResets } from '../../../../src/host/probe/disk/command-resets.ts';
import { parseModeResets } from '../../../../src/host/probe/disk/parse-mode-resets.ts';
import { parseTmpfilesLine } from '../../../../src/host/probe/disk/tmpfiles-line.ts';
import type { ModeReset } from '../../../../src/model/host/disk.ts';
import { dir, factsOf, hostPath, link } from '../../../support/facts/facts-builder.ts';

function shown({ sets, recursive, removes }: Pick<ModeReset, 'sets' | 'recursive' | 'removes'>): string {
  const what = sets === null ? '?' : `${sets.mode ?? ''}:${sets.owner ?? ''}:${sets.group ?? ''}`;
  return `${what}${recursive ? ' -R' : ''}${removes === null ? '' : ` ${removes}`}`;
}

describe('the parser of tmpfiles.d lines', () => {
  const ROWS: [string, string | null][] = [
    ['d /data 0750 root root -', '/data 0750:root:root'],
    ['d /data 750', '/data 0750::'],
    ['d! /data 1777 - - 10d', '/data 1777:: old-files'],
    ['D /data 0755 root root', '/data 0755:root:root everything'],
    ['d /data/ 0700', '/data 0700::'],
    ['z /data/* 0700 - -', '/data/* 0700::'],
    ['Z+ /data - git git', '/data :git:git -R'],
    ['R! /data/old', '/data/old :: -R everything'],
    ['r /data/x', '/data/x :: everything'],
    ['a+ /data - - - - u:993:--x', '/data ?'],
    ['d "/my \\"disk\\"" 0700', '/my "disk" 0700::'],
    ["d '/my disk' 0700", '/my disk 0700::'],
    ['d /50%% 0700', '/50% 0700::'],
    // What is left alone, or is for directories that the line makes.
    ['d /data', null],
    ['d /data - - -', null],
    ['d- /data :0700 :root :root', null],
    ['d /data ~0700 root', '/data ?'],
    // What names no place of its own.
    ['d /data/%m 0700', null],
    ['d data 0700', null],
    ['d', null],
    ['', null],
    ['d /data not-a-mode', null],
  ];
  for (const [line, expected] of ROWS) {
    test(`the parser of tmpfiles.d lines reads what is set at boot: ${line || 'an empty one'}`, () => {
      const parsed = parseTmpfilesLine(line);
      assert.equal(parsed && `${parsed.pattern} ${shown(parsed)}`, expected);
    });
  }
});

describe('the parser of commands in cron jobs and units', () => {
  const ROWS: [string, string[]][] = [
    ['chmod 700 /data', ['/data 0700::']],
    ['@reboot root /bin/chmod -R 0750 /data/', ['/data 0750:: -R']],
    ['5 4 * * * chmod --recursive 750 /a /b', ['/a /b 0750:: -R']],
    ['chmod g-w,o= /data', ['/data ?']],
    ['chown git /data', ['/data :git:']],
    ['chown git:ops /data', ['/data :git:ops']],
    ['chown :ops /data', ['/data ::ops']],
    ['chown 998.998 /data', ['/data :998:998']],
    ['chgrp -R ops /data', ['/data ::ops -R']],
    ['setfacl -m u:993:--- /data', ['/data ?']],
    ['install -d -m 0700 /data', ['/data ?']],
    ['rm -rf /data/*', ['/data/* :: -R everything']],
    ['rm -f /data/file', []],
    ['find /data -type d -exec chmod 700 {} +', ['/data 0700:: -R']],
    ['cd / && chmod 700 /a; chown root /b | cat', ['/a 0700::', '/b :root:']],
    ['sh -c "chmod 700 /data && true"', ['/data 0700::']],
    ['chmod 700 \'/my disk\' "/other disk" /third\\ disk', ['/my disk /other disk /third disk 0700::']],
    ['ExecStartPre=-/usr/bin/chown git /data', ['/data :git:']],
    ['ExecStart=+chmod 700 /data', ['/data 0700::']],
    ['echo chmodding /data', []],
    ['chmod 700 relative', []],
    ['chmod', []],
    ['"', []],
  ];
  for (const [line, expected] of ROWS) {
    test(`the line “${line}” of a cron job or a unit is read as changing ${expected.join(' and ') || 'no path'}`, () => {
      const found = commandResets(line).map((reset) => `${reset.paths.join(' ')} ${shown(reset)}`);
      assert.deepEqual(found, expected);
    });
  }
});

describe('which boot-time rules concern the path to the storage', () => {
  const { nodes } = factsOf({
    storageRoot: '/opt/reg/x',
    nodes: [link('/opt/reg', '/data/[1]'), dir('/data/[1]'), dir('/data/[1]/x'), dir('/data/b')],
  });
  const pathsOf = (kind: string, line: string) =>
    parseModeResets([`${kind}\t/etc/f\t${line}`], { nodes, storageRoot: hostPath('/opt/reg/x') }).map(
      ({ path }) => path,
    );

  const ROWS: [string, string, string, string[]][] = [
    ['at a place', 'tmpfiles', 'd /data 0700', ['/data']],
    ['at a place by the name in the config', 'tmpfiles', 'd /opt/reg/x 0700', ['/opt/reg/x']],
    ['through a link on the way', 'cron', 'chmod 700 /opt/reg/x/y', ['/opt/reg/x/y']],
    ['beside it', 'tmpfiles', 'd /srv 0700', []],
    ['with a name that only begins alike', 'tmpfiles', 'd /dat 0700', []],
    ['the root of all', 'cron', 'chmod 700 /', []],
    ['by a wildcard, never over a slash', 'tmpfiles', 'z /da* 0700', ['/data']],
    ['by a question mark', 'tmpfiles', 'z /data/? 0700', ['/data/b']],
    ['by a set', 'tmpfiles', 'z /data/[a-c] 0700', ['/data/b']],
    ['by a set of what it is not', 'tmpfiles', 'z /data/[!a] 0700', ['/data/b']],
    ['by a set that runs backwards', 'tmpfiles', 'z /data/[z-a] 0700', []],
    ['by a set without an end', 'tmpfiles', 'z /data/[1 0700', []],
    ['by a name that reads as a set, where there are no wildcards', 'tmpfiles', 'd /data/[1] 0700', ['/data/[1]']],
    ['by a wildcard of a shell', 'cron', 'chmod 700 /data/*', ['/data/[1]', '/data/b']],
  ];
  for (const [name, kind, line, expected] of ROWS)
    test(`only boot-time rules that concern the path to the storage are kept: ${name}`, () =>
      assert.deepEqual(pathsOf(kind, line), expected));

  test('pathological glob patterns in boot-time rules are matched in linear time', () => {
    const deep = factsOf({ storageRoot: `/${'a'.repeat(4000)}`, nodes: [dir(`/${'a'.repeat(4000)}`)] });
    const way = { nodes: deep.nodes, storageRoot: hostPath('/x') };
    const line = `z /${'*a'.repeat(200)}b 0700`;
    const before = process.cpuUsage().user;
    assert.deepEqual(parseModeResets([`tmpfiles\t/etc/f\t${line}`], way), []);
    assert.ok(process.cpuUsage().user - before < 2_000_000);
  });

  test('a boot-time rule in an unknown format is rejected as malformed', () => {
    const way = { nodes, storageRoot: hostPath('/opt') };
    assert.throws(() => parseModeResets(['tmpfiles\t/etc/f'], way));
    assert.throws(() => parseModeResets(['magic\t/etc/f\td /data 0700'], way));
  });

  test('a boot-time rule of random bytes never throws', () => {
    const bytes = [
      '*',
      '[',
      ']',
      '\\',
      '(',
      '!',
      '^',
      '-',
      '?',
      '"',
      "'",
      ' ',
      '/data',
      '%',
      '{}',
      'chmod',
      'd',
      'z',
      '700',
      '.',
      '+',
      '$',
    ];
    let seed = 7;
    for (let round = 0; round < 3000; round++) {
      const line = Array.from({ length: 8 }, () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
        return bytes[seed % bytes.length];
      }).join(round % 2 === 0 ? ' ' : '');
      for (const kind of ['tmpfiles', 'cron']) assert.doesNotThrow(() => pathsOf(kind, `z ${line}`), line);
    }
  });
});
