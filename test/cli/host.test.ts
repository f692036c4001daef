import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import { remoteCommand } from '../../src/ssh/run/remote-command.ts';
import { knownKeysCommand, trialCommands } from '../../src/words/host-setup.ts';
import { hostSettings } from '../host/sample-settings.ts';
import { runHere } from '../support/bots/run-here.ts';
import { makeKey } from '../support/hosts/sshd.ts';
import { skipUnless } from '../support/requirements.ts';

const AS_ROOT = { sudo: true, enter: [] };

let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-host-setup-'));
});

after(() => rm(directory, { recursive: true, force: true }));

/** What `host setup git01` prints for a host with these settings. */
async function setup(host: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<string> {
  const file = join(directory, 'config.yml');
  const git01 = { address: '10.0.0.5', user: 'registry-doctor', sudo: true, registry: { layout: 'omnibus' }, ...host };
  await writeFile(file, stringify({ ssh: { knownHosts: 'known_hosts' }, hosts: { git01 }, ...more }));
  const { status, stdout, stderr } = await runHere(['host', 'setup', 'git01', '--config', file]);
  assert.equal(status, 0, stderr);
  return stdout;
}

/** The lines to type, without the prose between them. */
function commands(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) =>
      /^ {3}(useradd|home=|keys=|touch|install|printf|chown|new=|rm |ssh-|for key) ?/.test(line) ? [line.trim()] : [],
    );
}

/** What the printed command writes to the sudoers file, as a shell writes it. */
function sudoers(text: string): string {
  const [, print] = /^ {3}(printf .*) > \/etc\/sudoers\.d\/registry-doctor\.new$/m.exec(text) ?? [];
  assert.ok(print, text);
  return execFileSync('sh', ['-c', print], { encoding: 'utf8' });
}

test('host setup prints the commands for each step: keys, packages, account, key, sudo, host keys and a connection test', async () => {
  const text = await setup({ identityFile: 'id' });
  const titles = text.split('\n').filter((line) => /^\d\. /.test(line));
  assert.equal(titles.length, 9);
  assert.equal(titles[0], '1. On the bot’s machine, as root: make the keys that are missing');
  assert.match(
    text,
    /^ {3}(?:runuser -u registry-doctor -- )?node \/.*src\/main\.ts diagnose git01 --config \/.*config\.yml/m,
  );
  assert.match(text, /anyone who has the key is root on git01/);
});

test('host setup allows sudo for exactly the command that the bot runs, and for nothing else', async () => {
  const rule = sudoers(await setup({ identityFile: 'id' }));
  const run = /exec sudo -n (timeout \S+ \S+ )\d+( \/bin\/sh -s);/.exec(remoteCommand(AS_ROOT, 25));
  assert.ok(run, remoteCommand(AS_ROOT, 25));
  const timed = ['[0-9]', '[0-9][0-9]', '[0-9][0-9][0-9]'].map((digits) => `/usr/bin/${run[1]}${digits}${run[2]}`);
  assert.ok(rule.endsWith(`NOPASSWD: ${timed.join(', ')}, /bin/sh -s\n`), rule);
});

test('host setup allows sudo for exactly the command with which the bot enters the registry’s container', {
  skip: skipUnless('sudo', 'root'),
}, async () => {
  const enter = ['docker', 'exec', '-i', 'a,b=*'];
  const rule = sudoers(await setup({ identityFile: 'id', enter }));
  const [, commands] = rule.split('NOPASSWD: ');
  assert.deepEqual(
    commands?.trim().split(', '),
    ['[0-9]', '[0-9][0-9]', '[0-9][0-9][0-9]'].map(
      (digits) => `/usr/bin/timeout -k 5 ${digits} docker exec -i a\\,b\\=\\* /bin/sh -s`,
    ),
  );
  const file = join(directory, 'sudoers-enter');
  await writeFile(file, rule, { mode: 0o440 });
  execFileSync('/usr/sbin/visudo', ['-c', '-f', file], { stdio: 'pipe' });
});

const USERS = ['registry-doctor', 'ann@example.org', 'DOM\\ann', 'a,b:c=d!e'];

for (const user of USERS) {
  test(`visudo accepts the sudoers lines that host setup prints for the login ${user}`, {
    skip: skipUnless('sudo', 'root'),
  }, async () => {
    const file = join(directory, 'sudoers');
    await writeFile(file, sudoers(await setup({ identityFile: 'id', user })), { mode: 0o440 });
    execFileSync('/usr/sbin/visudo', ['-c', '-f', file], { stdio: 'pipe' });
  });

  test(`a shell accepts the commands that host setup prints for the login ${user}`, {
    skip: skipUnless('ssh-keygen'),
  }, async () => {
    const identityFile = await makeKey(directory, `key-${USERS.indexOf(user)}`, 'ed25519');
    const lines = commands(await setup({ identityFile, user }));
    assert.equal(lines.length, 14);
    execFileSync('sh', ['-n', '-c', lines.join('\n')], { stdio: 'pipe' });
  });
}

test('host setup authorizes the public key next to the configured private key, with restrictions on its use', {
  skip: skipUnless('ssh-keygen'),
}, async () => {
  const identityFile = await makeKey(directory, 'key', 'ed25519');
  const text = await setup({ identityFile });
  assert.match(text, /printf '%s\\n' 'restrict ssh-ed25519 [A-Za-z0-9+/=]+' >> /);
  assert.ok(!text.includes('PUBLIC-KEY'));
});

test('host setup replaces an older authorized_keys line with the bot’s key and leaves other people’s keys', {
  skip: skipUnless('ssh-keygen'),
}, async () => {
  const identityFile = await makeKey(directory, 'replaced', 'ed25519');
  const key = (await readFile(`${identityFile}.pub`, 'utf8')).trim();
  const [, body] = key.split(' ');
  const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFuGQRZHIOf5vmBHS95YUosbzjkvro5NqyHDk3f2bn2P ann';
  const home = join(directory, 'home');
  await mkdir(join(home, '.ssh'), { recursive: true });
  const file = join(home, '.ssh', 'authorized_keys');
  await writeFile(file, `restrict ssh-ed25519 ${body} trial\n${other}\n`);
  const lines = commands(await setup({ identityFile })).filter((line) => /^(keys=|touch|printf)/.test(line));
  execFileSync('sh', ['-eu', '-c', lines.join('\n')], { env: { ...process.env, home } });
  assert.equal(await readFile(file, 'utf8'), `${other}\nrestrict ${key}\n`);
});

test('host setup does not print the content of a .pub file that holds something other than a key', async () => {
  const identityFile = join(directory, 'odd');
  await writeFile(`${identityFile}.pub`, `command="x" ssh-ed25519 AAAA'; reboot; '\n`);
  const text = await setup({ identityFile });
  assert.match(text, /First make the key of step 1/);
  assert.ok(!text.includes('reboot'));
});

test('host setup without a public key says how to create one, and prints no command that could delete authorized keys', async () => {
  const text = await setup({ identityFile: 'none-yet' });
  assert.match(
    text,
    /^1\. On the bot’s machine, .*\n {3}ssh-keygen -t ed25519 -N '' -C registry-doctor -f .*\/none-yet\n {3}chown registry-doctor .*\/none-yet && chmod 0600 .*\/none-yet$/m,
  );
  assert.match(text, /ssh-keygen -y -f .*\/none-yet > .*\/none-yet\.pub$/m);
  assert.doesNotMatch(text, /sed -i|authorized_keys|PUBLIC-KEY/);
});

test('host setup has the keys of login and plans made in its first step, if both are missing and the host has a guard', async () => {
  const text = await setup({ identityFile: 'none-yet', guard: {} }, { signing: { key: 'no-plan-key' } });
  const [, first = ''] = text.split('\n\n');
  assert.match(first, /^1\. .*make the keys that are missing\n/);
  for (const file of ['none-yet', 'no-plan-key'])
    assert.match(first, new RegExp(`ssh-keygen -t ed25519 .*/${file}$`, 'm'));
  assert.equal(text.match(/First make the key of step 1/g)?.length, 2);
});

test('host setup asks for no key that is there', async () => {
  assert.match(await guardSetup({}), /^1\. On the bot’s machine, as root: make the keys.*\n.*plan_key$/m);
  assert.doesNotMatch(await setup({ identityFile: join(directory, 'watched') }), /ssh-keygen -t ed25519/);
});

const TRIED: readonly (readonly [who: string, isRoot: boolean, commands: readonly string[]])[] = [
  [
    'root',
    true,
    [
      'set -a; . /etc/registry-doctor/slack.env; set +a',
      'runuser -u registry-doctor -- registry-doctor check --config /etc/rd.yml',
      'runuser -u registry-doctor -- registry-doctor diagnose git01 --config /etc/rd.yml',
    ],
  ],
  [
    'the bot’s user',
    false,
    ['registry-doctor check --config /etc/rd.yml', 'registry-doctor diagnose git01 --config /etc/rd.yml'],
  ],
];

for (const [who, isRoot, expected] of TRIED) {
  test(`the last step of host setup, if ${who} runs it, tries everything as the bot’s user`, () => {
    const called = { host: hostSettings({}), program: 'registry-doctor', configFile: '/etc/rd.yml', isRoot };
    assert.deepEqual(trialCommands(called), expected);
  });
}

for (const [port, name] of [
  [22, '127.0.0.1'],
  [2222, '[127.0.0.1]:2222'],
] as const) {
  test(`host setup finds the keys of a host on port ${port} where ssh-keyscan has saved them`, {
    skip: skipUnless('ssh-keygen'),
  }, async () => {
    const knownHosts = join(directory, `known-${port}`);
    const [type = '', key = ''] = (
      await readFile(`${await makeKey(directory, `host-${port}`, 'ed25519')}.pub`, 'utf8')
    ).split(' ');
    await writeFile(knownHosts, `${name} ${type} ${key}\n`);
    const { ssh, ...host } = hostSettings({});
    const found = execFileSync('sh', [
      '-c',
      knownKeysCommand({ host: { ...host, ssh: { ...ssh, port } }, knownHosts }),
    ]);
    assert.match(found.toString(), /found: line 1/);
  });
}

test('the commands of host setup leave no temporary file in the working directory', async () => {
  const signing = { key: 'plan_key' };
  for (const text of [
    await setup({ identityFile: 'id' }),
    await setup({ identityFile: 'id', guard: {} }, { signing }),
  ]) {
    assert.doesNotMatch(text, /> [a-z-]+$/m);
    assert.equal(text.match(/new=\$\(mktemp\)/g)?.length, text.match(/rm "\$new"/g)?.length);
  }
});

test('host setup installs the sudo package on hosts where the bot needs sudo', async () => {
  assert.match(await setup({ identityFile: 'id' }), /as root: install the tools.*\n {3}apt-get install acl .* sudo /);
  assert.doesNotMatch(await setup({ identityFile: 'id', sudo: false }), /install acl .*sudo/);
});

/** As {@link setup}, for a host with an installed guard. */
async function guardSetup(host: Record<string, unknown>): Promise<string> {
  await writeFile(join(directory, 'watched.pub'), 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA bot\n');
  return setup({ identityFile: join(directory, 'watched'), guard: {}, ...host }, { signing: { key: 'plan_key' } });
}

const WATCH = { intervalSeconds: 30 };

test('host setup forbids all forwarding to the bot’s key if the host runs the installed guard and is not monitored', async () => {
  const text = await guardSetup({});
  assert.match(text, /'restrict,command="sudo -n \S+" ssh-ed25519 [^']+'/);
  assert.match(text, /as the bot does, and nothing more/);
});

test('host setup lets the bot’s key on a monitored host with the installed guard forward to the registry’s addresses only, and says so', async () => {
  const text = await guardSetup({ watch: WATCH });
  assert.match(
    text,
    /'restrict,port-forwarding,permitopen="127\.0\.0\.1:5000",command="sudo -n \S+" ssh-ed25519 [^']+'/,
  );
  assert.match(text, /the key may run the guard and connect to 127\.0\.0\.1:5000 for monitoring, and nothing else/);
  assert.match(text, /as the bot does and connect to 127\.0\.0\.1:5000 there, and nothing more/);
  const registry = { layout: 'omnibus', url: 'https://[::1]', debugUrl: 'http://localhost:5001' };
  assert.match(
    await guardSetup({ watch: WATCH, registry }),
    /'restrict,port-forwarding,permitopen="\[::1\]:443",permitopen="localhost:5001",command=/,
  );
});

test('host setup for a login as root creates no account and no sudo rule', async () => {
  const text = await setup({ identityFile: 'id', user: 'root' });
  assert.doesNotMatch(text, /useradd|sudo\b/);
  assert.match(text, /anyone who has the key is root on git01/);
});

test('host setup for a config without sudo says what the bot can’t do without it', async () => {
  const text = await setup({ identityFile: 'id', sudo: false });
  assert.match(text, /reports the rest as unknown, and can’t fix anything/);
  assert.doesNotMatch(text, /NOPASSWD|is root on git01/);
});

test('host setup for a config with an ssh-agent authorizes the agent’s public key', async () => {
  const text = await setup({});
  assert.match(text, /the one that the agent holds; .*ssh-add -L/);
  assert.match(text, /^ {3}restrict PUBLIC-KEY$/m);
  assert.doesNotMatch(text, /sed -i|>> "\$keys"/);
});
