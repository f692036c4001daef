import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { hostFieldMatches, knownHostsName } from '../../../src/ssh/trust/host-pattern.ts';
import { keysOf, parseKnownHosts } from '../../../src/ssh/trust/known-hosts.ts';
import { skipUnless } from '../../support/requirements.ts';
import { ed25519Key } from '../keys.ts';

const execute = promisify(execFile);

describe('the name under which a host is looked up in known_hosts', () => {
  const names: [string, number, string][] = [
    ['git01', 22, 'git01'],
    ['git01', 2222, '[git01]:2222'],
    ['GIT01.Example', 22, 'git01.example'],
    ['10.0.0.5', 2222, '[10.0.0.5]:2222'],
    ['fe80::1', 22, 'fe80::1'],
    ['fe80::1', 2222, '[fe80::1]:2222'],
  ];
  for (const [address, port, name] of names) {
    test(`known_hosts is searched for ${name} if the host is ${address} port ${port}`, () =>
      assert.equal(knownHostsName(address, port), name));
  }
});

describe('the host field of a known_hosts line', () => {
  const cases: [field: string, name: string, matches: boolean][] = [
    ['git01', 'git01', true],
    ['git01', 'git011', false],
    ['git01', 'agit01', false],
    ['GIT01', 'git01', true],
    ['git01,git02', 'git02', true],
    ['git*', 'git', true],
    ['git*', 'git01', true],
    ['*', 'anything', true],
    ['git0?', 'git01', true],
    ['git0?', 'git0', false],
    ['*.example', 'a.b.example', true],
    ['*.example', 'example', false],
    ['*1*', 'git01', true],
    ['*a*b', 'aab', true],
    ['*a*b', 'aba', false],
    ['git*,!git02', 'git01', true],
    ['git*,!git02', 'git02', false],
    ['!git02,git*', 'git02', false],
    ['!git02', 'git01', false],
    ['[git01]:2222', '[git01]:2222', true],
    ['[git01]:2222', '[git01]:2223', false],
    ['git01', '[git01]:2222', false],
    ['[git01]:2222', 'git01', false],
    ['[127.*]:2222', '[127.0.0.5]:2222', true],
    ['[*]:2222', '[git01]:2222', true],
    ['git.1', 'gitx1', false],
    ['git[0]1', 'git01', false],
    ['', 'git01', false],
    [',', 'git01', false],
    ['|1|AAAA|AAAA', 'git01', false],
    ['|2|x|y', 'git01', false],
  ];
  for (const [field, name, matches] of cases) {
    test(`the known_hosts host field "${field}" ${matches ? 'matches' : 'does not match'} ${name}`, () => {
      assert.equal(hostFieldMatches(field, name), matches);
    });
  }

  test('a known_hosts host field with many stars is matched quickly', () => {
    const startedAt = performance.now();
    assert.equal(hostFieldMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(2000)), false);
    assert.ok(performance.now() - startedAt < 2000);
  });
});

describe('the bot finds the same known_hosts lines as ssh-keygen -F', { skip: skipUnless('ssh-keygen') }, () => {
  const fields = [
    'git01',
    'git01,git02',
    'git*',
    'git*,!git02',
    '!git02,*',
    'git0?',
    '[git01]:2222',
    '[git*]:2222',
    '*',
    '!git01',
    'GIT01',
    '10.0.0.5,git01.example',
    '*.example,!secret.example',
    '[fe80::1]:2222',
    'fe80::1',
  ];
  const names = [
    'git01',
    'git02',
    'git',
    '[git01]:2222',
    '[git02]:2222',
    '[git01]:22',
    '10.0.0.5',
    'git01.example',
    'secret.example',
    'example',
    'fe80::1',
    '[fe80::1]:2222',
  ];

  for (const form of ['as they are', 'hashed by ssh-keygen -H'] as const) {
    test(`the bot finds the same known_hosts lines as ssh-keygen -F for names ${form}`, async () => {
      await withFile(fields.map((field) => `${field} ${ed25519Key}\n`).join(''), async (file) => {
        if (form !== 'as they are') await execute('ssh-keygen', ['-q', '-H', '-f', file]);
        const text = await readFile(file, 'utf8');
        if (form !== 'as they are') assert.match(text, /^\|1\|/m);
        const knownHosts = parseKnownHosts(text);
        for (const name of names) {
          const ours = keysOf(knownHosts, name).trusted.map(({ line }) => line);
          assert.deepEqual(ours, await linesFoundBySshKeygen(file, name), name);
        }
      });
    });
  }
});

async function withFile(content: string, use: (file: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rd-known-hosts-'));
  try {
    const file = join(directory, 'known_hosts');
    await writeFile(file, content);
    await use(file);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** ssh-keygen ends with 1 where it finds nothing. */
async function linesFoundBySshKeygen(file: string, name: string): Promise<number[]> {
  const output = await execute('ssh-keygen', ['-F', name, '-f', file]).then(
    ({ stdout }) => stdout,
    (error: { code?: unknown }) => {
      assert.equal(error.code, 1);
      return '';
    },
  );
  return [...output.matchAll(/^# Host .* found: line (\d+)/gm)].map((match) => Number(match[1]));
}
