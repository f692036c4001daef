import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { logMessageEvents } from '../../../../src/host/probe/history/log-message.ts';
import { parseHostHistory } from '../../../../src/host/probe/history/parse-host-history.ts';
import { Fact } from '../../../../src/model/fact.ts';
import { HostHistory } from '../../../../src/model/host/history.ts';
import { SeededRandom, seedOfRun } from '../../../support/random.ts';

const SECTION = [
  'clock known 1795492800 +0000 UTC',
  'g config /etc/docker/registry/config.yml',
  'g binary /proc/7/exe',
  'b /usr/bin/docker-registry',
  'f 1795490000 /etc/docker/registry/config.yml',
  'f 1795480000 /proc/7/exe',
  'r 1795485000',
  's read /var/log/kern.log',
  '^ Nov 23 00:00:00 git01 kernel: something',
  ': Nov 24 03:00:00 git01 kernel: Linux version 6.1.0',
  's cut journal',
  ': 2026-11-24T03:10:00+0000 git01 sudo: alice : PWD=/data ; COMMAND=/usr/bin/chmod 750 ops',
].join('\n');

function history(text: string): HostHistory {
  const parsed = parseHostHistory(Buffer.from(text, 'latin1'));
  return parsed.state === 'known' ? parsed.value : assert.fail(JSON.stringify(parsed));
}

describe('the parser of the probe’s output about the host’s history', () => {
  test('the parser of the host’s history gives events in order, the logs that were read, and files under their usual names', () => {
    const { events, sources, files } = history(SECTION);
    assert.deepEqual(
      events.map(({ at, kind, path }) => [at, kind, path]),
      [
        [1795485000, 'reconfigure', null],
        [1795489200, 'boot', null],
        [1795489800, 'mode-command', '/data/ops'],
      ],
    );
    assert.deepEqual(sources, [
      { name: '/var/log/kern.log', state: 'read', from: 1795392000 },
      { name: 'journal', state: 'cut', from: 1795489800 },
    ]);
    assert.deepEqual(files, [
      { path: '/etc/docker/registry/config.yml', role: 'config', changedAt: 1795490000 },
      { path: '/usr/bin/docker-registry', role: 'binary', changedAt: 1795480000 },
    ]);
  });

  test('the parser of the host’s history reports it as unknown if the output is empty or has no clock', () => {
    for (const text of [
      '',
      's read journal',
      'clock known x +0000',
      'clock known 1795492800',
      'clock known 1795492800 nonsense',
    ]) {
      assert.equal(parseHostHistory(Buffer.from(text)).state, 'unknown', text);
    }
  });

  test('the parser of the host’s history keeps the newest entries up to its limit', () => {
    const line = (second: number) =>
      `: 2026-11-24T03:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}+0000 git01 useradd[1]: ${'x'.repeat(4000)}`;
    const lines = Array.from({ length: 2000 }, (_, second) => line(second));
    const { events } = history(['clock known 1795492800 +0000 UTC', 's read journal', ...lines].join('\n'));
    assert.equal(events.length, 512);
    assert.equal(events.at(-1)?.at, Date.UTC(2026, 10, 24, 3, 33, 19) / 1000);
    assert.ok(events.every(({ text }) => text.length === 300));
  });

  const seed = seedOfRun();
  test(`the parser of the host’s history never makes a diagnosis fail, whatever a host sends (RD_SEED=${seed})`, () => {
    const random = new SeededRandom(seed);
    const schema = Fact(HostHistory);
    for (let round = 0; round < 3_000; round++) {
      const bytes = [...Buffer.from(SECTION)];
      for (let edit = random.int(8); edit >= 0; edit--) {
        const at = random.int(bytes.length + 1);
        const part = bytes.slice(random.int(bytes.length + 1), random.int(bytes.length + 1));
        random.pick([
          () => bytes.splice(at, random.int(40)),
          () => bytes.splice(at, 0, random.int(256), random.int(256)),
          () => bytes.splice(at, 1, ...part),
          () =>
            bytes.splice(
              at,
              0,
              ...Buffer.from(String(random.pick(['9'.repeat(20), '\n: ', '\ns read ', '\0', '\u202e', '__proto__']))),
            ),
        ])();
      }
      schema.parse(parseHostHistory(Uint8Array.from(bytes)));
    }
  });
});

describe('events in the host’s log messages', () => {
  const of = (rest: string) => logMessageEvents(rest).map(({ kind, path }) => [kind, path]);

  test('a log message of a program that is named like a JavaScript property is not read as an event', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      assert.deepEqual(of(`git01 ${name}: x`), []);
  });

  test('a sudo log message names the files that were changed, resolved from its working directory', () => {
    const sudo = (directory: string, command: string) =>
      of(`git01 sudo: alice : PWD=${directory} ; COMMAND=${command}`);
    assert.deepEqual(sudo('/data', '/bin/chmod -R 750 ./a/../b /c/'), [
      ['mode-command', '/data/b'],
      ['mode-command', '/c'],
    ]);
    assert.deepEqual(sudo('', '/bin/chmod 750 b'), [['mode-command', null]]);
    assert.deepEqual(sudo('/data', '/bin/chmod -x /data/b'), [['mode-command', '/data/b']]);
    assert.deepEqual(sudo('/', '/bin/mount --bind /data/a /srv/b'), [['mount-command', '/srv/b']]);
    assert.deepEqual(sudo('/', '/usr/bin/setfacl -m u:registry:x /data'), [['mode-command', '/data']]);
    assert.equal(sudo('/', `/bin/chmod 1 ${'/a '.repeat(50)}`).length, 4);
  });

  test('a systemd log message names the mount point of a mount unit', () => {
    assert.deepEqual(of('git01 systemd[1]: data-my\\x2ddisk.mount: Failed with result "exit-code".'), [
      ['mount-failed', '/data/my-disk'],
    ]);
    assert.deepEqual(of('git01 systemd[1]: Dependency failed for Local File Systems.'), []);
  });
});
