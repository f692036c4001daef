import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parseConfig } from '../../src/config/read-config.ts';
import type { HostEntry } from '../../src/config/schema/config-schema.ts';
import { lookUp } from '../../src/config/ssh-config/look-up.ts';
import { SshConfigFiles } from '../../src/config/ssh-config/ssh-config-files.ts';
import { UnusableSshConfig } from '../../src/config/ssh-config/ssh-config-problem.ts';
import { sshSettingsWithSshConfig } from '../../src/config/ssh-settings.ts';
import { HostName } from '../../src/model/record/ids.ts';
import { roundsOf } from '../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';

const home = mkdtempSync(join(tmpdir(), 'rd-ssh-config-'));
after(() => rmSync(home, { recursive: true, force: true }));
mkdirSync(join(home, '.ssh', 'conf.d'), { recursive: true });

const LOCAL_USER = userInfo().username;

function write(text: string, name = 'config'): void {
  const file = join(home, '.ssh', name);
  writeFileSync(file, text);
  chmodSync(file, 0o600);
}

function found(name: string) {
  return lookUp(new SshConfigFiles(home), { name, localUser: LOCAL_USER });
}

/** What ssh(1) itself makes of the same file: the first identity file that is set, and the ProxyJump as it stands. */
function accordingToSsh(name: string) {
  // ssh takes the home directory from the user database, so the file and what it includes are named.
  const output = execFileSync('ssh', ['-G', '-F', join(home, '.ssh', 'config'), name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const values = (keyword: string) =>
    output.split('\n').flatMap((line) => (line.startsWith(`${keyword} `) ? [line.slice(keyword.length + 1)] : []));
  return {
    address: values('hostname')[0],
    port: Number(values('port')[0]),
    user: values('user')[0],
    identityFile: values('identityfile')[0] ?? null,
    proxyJump: values('proxyjump')[0] ?? null,
  };
}

const SAMPLE = `
# A comment
Host git01 git02
  HostName 10.0.0.5
  User ops
  Port 2222

host=git0? !git03
  HostName other.example.org
  IdentityFile /keys/of-git

Host "quoted host" with.domain
  HostName %h.example.org

Host !git* *.internal
  User inner
  IdentityFile "/keys/with space"

Match originalhost late,later
  Port = 2200
  User matched

Match host 10.0.0.5 user ops
  IdentityFile /keys/by-match

Host behind
  ProxyJump ann@near:2201,far
  HostName 192.0.2.9

Host far
  HostName 192.0.2.8
  User far-user
  ProxyJump none

Host direct
  ProxyJump none

Host *
  User everybody
`;

describe('the bot’s ssh_config reader and the real ssh', { skip: skipUnless('ssh-keygen') }, () => {
  const names = [
    'git01',
    'git02',
    'git03',
    'git0',
    'with.domain',
    'a.internal',
    'git.internal',
    'late',
    'later',
    'far',
    'x',
  ];
  for (const name of [...names, 'direct', 'GIT01', '::1', '10.0.0.5']) {
    test(`the bot’s ssh_config reader agrees with the real ssh for ${name}`, () => {
      write(SAMPLE);
      const { address, port, user, identityFile } = found(name);
      const expected = accordingToSsh(name);
      // ssh lists its default keys where none is set.
      const theirs = expected.identityFile?.startsWith('~/.ssh/id_') ? null : expected.identityFile;
      assert.deepEqual(
        { address, port, user, identityFile },
        {
          address: expected.address,
          port: expected.port,
          user: expected.user,
          identityFile: theirs,
        },
      );
    });
  }

  test('the bot’s ssh_config reader agrees with the real ssh on random files', (t) => {
    const seed = seedOfRun();
    t.diagnostic(`seed ${seed}`);
    const random = new SeededRandom(seed);
    const pick = <T>(from: readonly T[]) => random.pick(from);
    const patterns = ['*', 'a', 'b', 'a?', '?', '!a', '!b', 'ab', '*b', 'A', 'H?'];
    const option = () =>
      pick([
        'HostName h1',
        'HostName=h2',
        'Port 23',
        'port 24',
        'User u1',
        'User "u2"',
        'IdentityFile /k1',
        'IdentityFile /k2',
      ]);
    for (let round = 0; round < roundsOf(60, 1_000); round += 1) {
      const sections = Array.from({ length: 1 + random.int(5) }, () => {
        const names = Array.from({ length: 1 + random.int(3) }, () => pick(patterns)).join(' ');
        const heading = pick([
          `Host ${names}`,
          `Match originalhost ${names.replaceAll(' ', ',')}`,
          'Match all',
          `Match user u1 host h1,${pick(patterns)}`,
        ]);
        return [heading, ...Array.from({ length: random.int(4) }, () => `  ${option()}`)].join('\n');
      });
      const text = [...Array.from({ length: random.int(2) }, option), ...sections, ''].join('\n');
      write(text);
      for (const name of ['a', 'b', 'ab', 'A']) {
        const expected = accordingToSsh(name);
        const { address, port, user, identityFile } = found(name);
        const theirs = expected.identityFile?.startsWith('~/.ssh/id_') ? null : expected.identityFile;
        assert.deepEqual(
          { address, port, user, identityFile },
          { address: expected.address, port: expected.port, user: expected.user, identityFile: theirs },
          `${name}, seed ${seed}:\n${text}`,
        );
      }
    }
  });
});

test('the bot’s ssh_config reader looks up jump hosts too, which can be behind further jump hosts', () => {
  write(`${SAMPLE}\nHost near\n  ProxyJump door:2022\nHost door\n  HostName door.example.org\n`);
  assert.deepEqual(found('behind').jumps, [
    { address: 'door.example.org', port: 2022, user: 'everybody', identityFile: null },
    { address: 'near', port: 2201, user: 'ann', identityFile: null },
    { address: '192.0.2.8', port: 22, user: 'far-user', identityFile: null },
  ]);
  assert.deepEqual(found('direct').jumps, []);
  assert.equal(found('git01').jumps, null);
});

test('the bot’s ssh_config reader applies an Include inside a Host section only to the hosts of that section', () => {
  write('Host a\n  Include conf.d/*.conf\n  User outer\nHost b\n  User b\n');
  write('User first\n', 'conf.d/1.conf');
  write('Host b\n  Port 99\nHost a\n  Port 98\n', 'conf.d/2.conf');
  assert.deepEqual([found('a').user, found('a').port], ['first', 98]);
  assert.deepEqual([found('b').user, found('b').port], ['b', 22]);
});

test('the bot’s ssh_config reader expands tokens in file names, and ~ to the home directory', () => {
  write('Host a\n  HostName b\n  User u\n  IdentityFile ~/.ssh/%r@%h-%%\n');
  assert.equal(found('a').identityFile, join(home, '.ssh', 'u@b-%'));
});

test('the bot’s ssh_config reader returns no settings without an ssh_config file', () => {
  const nowhere = new SshConfigFiles(join(home, 'nobody'));
  assert.deepEqual(lookUp(nowhere, { name: 'a', localUser: 'me' }), {
    address: 'a',
    port: 22,
    user: 'me',
    identityFile: null,
    jumps: null,
  });
});

const UNUSABLE: readonly (readonly [name: string, text: string, what: string])[] = [
  ['a Match exec, which only ssh can evaluate', 'Match host a exec "true"\n  Port 23\n', 'match'],
  ['a negated Match', 'Match !host b\n  Port 23\n', 'match'],
  ['a ProxyCommand', 'Host a\n  ProxyCommand nc %h %p\n', 'proxy-command'],
  ['an invalid port', 'Host a\n  Port ssh\n', 'value'],
  ['a variable', 'Host a\n  IdentityFile $' + '{HOME}/k\n', 'value'],
  ['an unknown token', 'Host a\n  IdentityFile /k/%C\n', 'value'],
  ['a loop of jump hosts', 'Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n', 'jumps'],
  ['a file that includes itself', 'Include config\n', 'include'],
];
for (const [name, text, what] of UNUSABLE) {
  test(`the bot’s ssh_config reader reports a file with ${name} and does not guess`, () => {
    write(text);
    assert.throws(
      () => found('a'),
      (error) => error instanceof UnusableSshConfig && error.problem.what === what,
    );
  });
}

test('the bot’s ssh_config reader ignores unsupported criteria (exec) of a Match line that already does not match', () => {
  write('Match host other exec "false"\n  Port 23\nHost a\n  ProxyJump none\n  ProxyCommand nc\n');
  assert.equal(found('a').port, 22);
});

const NAME = HostName.parse('git01');
const ENTRY: HostEntry = { sudo: true, registry: { layout: 'omnibus' } };

function settings(over: Partial<HostEntry>) {
  const read = sshSettingsWithSshConfig(NAME, { ...ENTRY, ...over }, (file) => join('/etc/rd', file), home);
  return read.kind === 'settings' ? read.settings : assert.fail(read.problem.what);
}

test('a host in the bot’s config takes from ssh_config only what its own entry leaves out', () => {
  write('Host git01\n  HostName git01.example.org\n  User ops\n  Port 2222\n  IdentityFile /k\n  ProxyJump far\n');
  const far = { address: 'far', port: 22, user: LOCAL_USER, identityFile: '/k', passphraseFile: null };
  assert.deepEqual(settings({}), {
    address: 'git01.example.org',
    port: 2222,
    user: 'ops',
    identityFile: '/k',
    passphraseFile: null,
    jumps: [far],
    sudo: true,
  });
  const own = { address: '10.0.0.5', port: 22, user: 'doctor', identityFile: 'id', passphraseFile: 'p' };
  const key = { identityFile: '/etc/rd/id', passphraseFile: '/etc/rd/p' };
  const near = { address: 'near', port: 23, user: 'ann', ...key };
  assert.deepEqual(settings({ ...own, proxyJump: ['ann@near:23'] }), { ...own, ...key, jumps: [near], sudo: true });
});

test('with useSshConfig a host known to ssh needs no address and user in the bot’s config; without it, it needs both', () => {
  const text = (useSshConfig: boolean) =>
    `ssh: { knownHosts: k, useSshConfig: ${useSshConfig} }\nhosts: { git01: { registry: { layout: omnibus } } }\n`;
  // os.homedir() heeds it: nothing of this machine's own user shall count.
  process.env['HOME'] = home;
  assert.equal(parseConfig(text(true), '/').kind, 'config');
  const without = parseConfig(text(false), '/');
  const keys = without.kind === 'problems' ? without.problems.map((problem) => 'key' in problem && problem.key) : [];
  assert.deepEqual(keys, ['hosts.git01.address', 'hosts.git01.user']);
});
