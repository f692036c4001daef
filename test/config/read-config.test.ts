import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { parseConfig, readConfig } from '../../src/config/read-config.ts';
import { HostName } from '../../src/model/record/ids.ts';
import { configProblem } from '../../src/words/en/config.ts';

/** Everything that the contract names. */
const FULL = `slack:
  mode: http
  port: 3001
  incidentChannel: C0123456
store: { url: "sqlite:./registry-doctor.db", checkpoints: /mnt/audit/checkpoints, formerKeys: [old_key.pub], retention: { detailsDays: 400 } }
ssh: { knownHosts: known_hosts }
hosts:
  git01:
    address: 10.0.0.5
    port: 2222
    user: registry-doctor
    identityFile: /etc/registry-doctor/id_ed25519
    passphraseFile: /run/secrets/passphrase
    proxyJump: [ann@bastion:2200, "[2001:db8::1]:22"]
    sudo: true
    enter: [docker, exec, -i, "my registry"]
    registry:
      layout: omnibus
      config: /srv/registry/config.yml
      url: http://127.0.0.1:5000/
      debugUrl: http://127.0.0.1:5001
      serviceUser: container-registry
    watch: { intervalSeconds: 30, url: "http://10.0.0.5:5000/", blindMinutes: 5, deepLookMinutes: 0 }
policy:
  requesters: { users: [U01, W02], groups: [S03] }
  approvers: { users: [U04], groups: [S05] }
  allowSelfApproval: true
  approvalTtlMinutes: 5
  approvalsNeeded: { low: 2, high: 3 }
  broadcastPlans: true
  remindMinutes: 2
  escalateAfterMinutes: 3
  escalateTo: { users: [U07] }
  onCall: { groups: [S08] }
  quietHours: { from: "22:00", to: "07:00", zone: Europe/Berlin }
  channels: [C06]
signing: { key: plan_key, passphraseFile: /run/secrets/plan-passphrase }
breakGlass: { allowedSigners: break_glass_signers }
language: zh-Hans
fleetLook: { at: "23:05", zone: Europe/Berlin }
http: { port: 9090, host: '::1' }
`;

const SMALL = `ssh:
  knownHosts: known_hosts
hosts:
  git01:
    address: git01.example.org
    user: root
    registry:
      layout: distribution
`;

function accepted(text: string): Config {
  const outcome = parseConfig(text, '/etc/registry-doctor');
  if (outcome.kind === 'config') return outcome.config;
  return assert.fail(outcome.problems.map((problem) => configProblem('c.yml', problem)).join('\n'));
}

/** The problems as people read them. */
function refused(text: string): readonly string[] {
  const outcome = parseConfig(text, '/etc/registry-doctor');
  if (outcome.kind === 'config') return assert.fail('the config was accepted');
  return outcome.problems.map((problem) => configProblem('c.yml', problem));
}

const git01 = HostName.parse('git01');

/** A jump host is entered with the host's own key. */
const KEY = { identityFile: '/etc/registry-doctor/id_ed25519', passphraseFile: '/run/secrets/passphrase' };

const FULL_POLICY = {
  requesters: { users: ['U01', 'W02'], groups: ['S03'] },
  approvers: { users: ['U04'], groups: ['S05'] },
  allowSelfApproval: true,
  approvalTtlMinutes: 5,
  approvalsNeeded: { low: 2, high: 3 },
  broadcastPlans: true,
  remindMinutes: 2,
  escalateAfterMinutes: 3,
  escalateTo: { users: ['U07'], groups: [] },
  onCall: { users: [], groups: ['S08'] },
  quietHours: { from: '22:00', to: '07:00', zone: 'Europe/Berlin' },
  channels: ['C06'],
};

test('the config loader reads where a record on Postgres is, and its files', () => {
  const store =
    '{ url: "postgres://bot@db/record?sslmode=verify-full", passwordFile: password, socket: /run/health.sock }';
  assert.deepEqual(accepted(`${SMALL}store: ${store}\n`).store, {
    url: 'postgres://bot@db/record?sslmode=verify-full',
    passwordFile: '/etc/registry-doctor/password',
    socket: '/run/health.sock',
    checkpoints: null,
    syslog: null,
    witness: null,
    formerKeys: [],
    detailsDays: null,
  });
});

test('the config loader reads every key of the config reference', () => {
  const config = accepted(FULL);
  assert.deepEqual(config, {
    // As sha256sum(1) says it.
    digest: `sha256:${createHash('sha256').update(FULL).digest('hex')}`,
    http: { port: 9090, host: '::1' },
    slack: { mode: 'http', port: 3001, incidentChannel: 'C0123456' },
    store: {
      url: 'sqlite:/etc/registry-doctor/registry-doctor.db',
      passwordFile: null,
      socket: null,
      checkpoints: '/mnt/audit/checkpoints',
      syslog: null,
      witness: null,
      formerKeys: ['/etc/registry-doctor/old_key.pub'],
      detailsDays: 400,
    },
    ssh: { knownHosts: '/etc/registry-doctor/known_hosts' },
    language: 'zh-Hans',
    signing: { file: '/etc/registry-doctor/plan_key', passphraseFile: '/run/secrets/plan-passphrase' },
    breakGlass: { allowedSigners: '/etc/registry-doctor/break_glass_signers' },
    alerts: null,
    fleetLook: { hour: 23, minute: 5, zone: 'Europe/Berlin' },
    quiet: { reopenMinutes: 30, maintenance: [] },
    hosts: new Map([
      [
        'git01',
        {
          name: 'git01',
          ssh: {
            address: '10.0.0.5',
            port: 2222,
            user: 'registry-doctor',
            identityFile: '/etc/registry-doctor/id_ed25519',
            passphraseFile: '/run/secrets/passphrase',
            jumps: [
              { user: 'ann', address: 'bastion', port: 2200, ...KEY },
              { user: 'registry-doctor', address: '2001:db8::1', port: 22, ...KEY },
            ],
            sudo: true,
          },
          guard: null,
          enter: ['docker', 'exec', '-i', 'my registry'],
          registry: {
            layout: 'omnibus',
            config: '/srv/registry/config.yml',
            url: 'http://127.0.0.1:5000',
            debugUrl: 'http://127.0.0.1:5001',
            serviceUser: 'container-registry',
          },
          watch: { intervalSeconds: 30, url: 'http://10.0.0.5:5000', blindMinutes: 5, deepLookMinutes: 0 },
          alerts: null,
          policy: FULL_POLICY,
        },
      ],
    ]),
    defaultPolicy: FULL_POLICY,
  });
});

test('the config loader fills in the documented defaults: no approvers, no monitoring, port 22, no sudo', () => {
  const config = accepted(SMALL);
  assert.equal(config.slack, null);
  assert.equal(config.store, null);
  assert.equal(config.signing, null);
  assert.equal(config.language, 'en');
  assert.deepEqual(config.defaultPolicy, {
    requesters: null,
    approvers: null,
    allowSelfApproval: false,
    approvalTtlMinutes: 15,
    approvalsNeeded: { low: 1, high: 2 },
    broadcastPlans: false,
    remindMinutes: null,
    escalateAfterMinutes: 10,
    escalateTo: null,
    onCall: null,
    quietHours: null,
    channels: null,
  });
  assert.deepEqual(config.hosts.get(git01)?.ssh, {
    address: 'git01.example.org',
    port: 22,
    user: 'root',
    identityFile: null,
    passphraseFile: null,
    jumps: [],
    sudo: false,
  });
  assert.equal(config.hosts.get(git01)?.watch, null);
  assert.deepEqual(config.hosts.get(git01)?.enter, []);
});

test('a monitored host is reported as not checkable after ten minutes by default, and has no default URL to check', () => {
  const watched = accepted(`${SMALL}    watch: { intervalSeconds: 30 }\n`);
  assert.deepEqual(watched.hosts.get(git01)?.watch, {
    intervalSeconds: 30,
    url: null,
    blindMinutes: 10,
    deepLookMinutes: 60,
  });
});

test('the nightly look is off unless the file has it, and then at three o’clock UTC unless it says when', () => {
  assert.equal(accepted(SMALL).fleetLook, null);
  assert.deepEqual(accepted(`${SMALL}fleetLook: {}\n`).fleetLook, { hour: 3, minute: 0, zone: 'UTC' });
  const told = accepted(`${SMALL}fleetLook: { at: "23:05", zone: Asia/Shanghai }\n`);
  assert.deepEqual(told.fleetLook, { hour: 23, minute: 5, zone: 'Asia/Shanghai' });
});

for (const [key, value, expected] of [
  ['at', '24:00', 'a time of day in quotes, from "00:00" to "23:59"'],
  ['at', '3:00', 'a time of day in quotes, from "00:00" to "23:59"'],
  ['zone', 'Berlin', 'a time zone, as Europe/Berlin or UTC'],
] as const) {
  test(`the nightly look takes no ${key} of ${value}`, () => {
    const outcome = parseConfig(`${SMALL}fleetLook: { ${key}: "${value}" }\n`, '/etc/registry-doctor');
    assert.ok(outcome.kind === 'problems');
    assert.deepEqual(
      outcome.problems.map((problem) => configProblem('c.yml', problem)),
      [`c.yml:9: "fleetLook.${key}" is "${value}"; expected ${expected}`],
    );
  });
}

for (const url of [
  'http://127.0.0.1:5000',
  'http://localhost',
  'https://registry.localhost:5000',
  'http://[::1]:5000',
  'http://0.0.0.0:5000',
  'http://[::ffff:127.1.2.3]',
]) {
  test(`a config in which monitoring would ask ${url} on the bot’s own machine is refused, as another registry might answer`, () => {
    const outcome = parseConfig(`${SMALL}    watch: { intervalSeconds: 30, url: "${url}" }\n`, '/etc/registry-doctor');
    assert.ok(outcome.kind === 'problems');
    assert.match(
      outcome.problems.map((problem) => configProblem('c.yml', problem)).join(),
      /^c\.yml:9: "hosts\.git01\.watch\.url" is .*reaches the registry, not a loopback address/,
    );
  });
}

const LAYOUTS = [
  ['omnibus', '/var/opt/gitlab/registry/config.yml', 'registry'],
  ['distribution', '/etc/docker/registry/config.yml', 'docker-registry'],
] as const;

for (const [layout, file, user] of LAYOUTS) {
  test(`the default for layout ${layout}: the registry’s config is ${file} and its user is ${user}`, () => {
    const config = accepted(SMALL.replace('distribution', layout));
    assert.deepEqual(config.hosts.get(git01)?.registry, {
      layout,
      config: file,
      url: null,
      debugUrl: null,
      serviceUser: user,
    });
  });
}

test('relative paths in a config start at the given base directory, and ~/ at the home directory', () => {
  const withKey = SMALL.replace('user: root', 'user: root\n    identityFile: keys/id');
  assert.equal(accepted(withKey).hosts.get(git01)?.ssh.identityFile, '/etc/registry-doctor/keys/id');
  const atHome = accepted(SMALL.replace('known_hosts', '~/.ssh/known_hosts'));
  assert.equal(atHome.ssh.knownHosts, join(homedir(), '.ssh/known_hosts'));
});

/** A change to one of the two files above, and what is said of it. */
const REFUSED: readonly (readonly [string, string, string, readonly string[]])[] = [
  [
    'a signing section without a key',
    FULL,
    'key: plan_key, →',
    ['c.yml:37: "signing.key" is missing; expected the path of a file (relative ones start where the config file is)'],
  ],
  [
    'an unknown key, with the nearest one',
    SMALL,
    'address→adress',
    [
      'c.yml:4: "hosts.git01.address" is missing; expected a DNS name or an IP address',
      'c.yml:5: unknown key "hosts.git01.adress". Did you mean "address"? Valid keys here: address, port, user, identityFile, passphraseFile, proxyJump, sudo, guard, enter, registry, watch, alerts, policy',
    ],
  ],
  [
    'an unknown section',
    SMALL,
    'ssh:→metrics: {}\nssh:',
    [
      'c.yml:1: unknown key "metrics". Valid keys here: slack, store, http, ssh, language, signing, breakGlass, alerts, fleetLook, incidents, maintenance, hosts, hostGroups, policy',
    ],
  ],
  [
    'an unknown key in a list of people',
    FULL,
    'users: [U04]→names: [ann]',
    ['c.yml:26: unknown key "policy.approvers.names". Valid keys here: users, groups'],
  ],
  [
    'text in place of a number',
    FULL,
    'port: 2222→port: "2222"',
    ['c.yml:10: "hosts.git01.port" is "2222"; expected a whole number from 1 to 65535'],
  ],
  [
    'a number beyond its bounds',
    FULL,
    'approvalTtlMinutes: 5→approvalTtlMinutes: 100000',
    ['c.yml:28: "policy.approvalTtlMinutes" is 100000; expected a whole number from 1 to 120'],
  ],
  [
    'a word in place of true or false',
    FULL,
    'sudo: true→sudo: yes',
    ['c.yml:15: "hosts.git01.sudo" is "yes"; expected true or false'],
  ],
  [
    'an enter command with shell syntax in a word',
    FULL,
    '"my registry"→"$(reboot)"',
    [
      'c.yml:16: "hosts.git01.enter[3]" is "$(reboot)"; expected a word of the command: plain characters, without quotes, backslash, "$", "`" and "!"',
    ],
  ],
  [
    'an enter command that is a string in place of a list',
    FULL,
    '[docker, exec, -i, "my registry"]→docker exec -i registry',
    ['c.yml:16: "hosts.git01.enter" is "docker exec -i registry"; expected a list ([a, b], or "- a" lines)'],
  ],
  [
    'an enter command that starts with an option',
    FULL,
    'enter: [docker, →enter: [-i, ',
    ['c.yml:16: "hosts.git01.enter" is a list; expected a program and its arguments, as [docker, exec, -i, NAME]'],
  ],
  ['an unknown mode', FULL, 'mode: http→mode: rtm', ['c.yml:2: "slack.mode" is "rtm"; expected socket or http']],
  [
    'an unknown layout',
    SMALL,
    'distribution→harbor',
    ['c.yml:8: "hosts.git01.registry.layout" is "harbor"; expected omnibus or distribution'],
  ],
  [
    'the name of a channel',
    FULL,
    'C0123456→#ops',
    [
      'c.yml:4: "slack.incidentChannel" is empty; expected a Slack channel ID such as C0123456 (in Slack: channel name → About → Channel ID)',
    ],
  ],
  [
    'a name in place of a user’s id',
    FULL,
    'U04→ann',
    [
      'c.yml:26: "policy.approvers.users[0]" is "ann"; expected a Slack member ID such as U0123456 (in Slack: profile → ⋮ → Copy member ID)',
    ],
  ],
  [
    'a user in place of a group',
    FULL,
    'S05→U05',
    [
      'c.yml:26: "policy.approvers.groups[0]" is "U05"; expected a Slack user group ID such as S0123456 (in Slack: People → User groups → ⋮ → Copy group ID)',
    ],
  ],
  [
    'one value in place of a list',
    FULL,
    '[U04]→U04',
    ['c.yml:26: "policy.approvers.users" is "U04"; expected a list ([a, b], or "- a" lines)'],
  ],
  [
    'an empty section',
    SMALL,
    'hosts:→policy:\nhosts:',
    ['c.yml:3: "policy" is empty; expected a section (keys below it, indented)'],
  ],
  [
    'a list in place of a section',
    SMALL,
    'ssh:→policy: []\nssh:',
    ['c.yml:1: "policy" is a list; expected a section (keys below it, indented)'],
  ],
  [
    'an invalid host name',
    SMALL,
    'git01:→"-rf /":',
    [
      'c.yml:4: "hosts.-rf /" is "-rf /"; expected a name of letters, digits, ".", "_" and "-", at most 63, that starts with a letter or digit',
    ],
  ],
  [
    'a login with a blank',
    SMALL,
    'user: root→user: root -o x',
    ['c.yml:6: "hosts.git01.user" is "root -o x"; expected the name of a login on the host, without blanks'],
  ],
  [
    'an account that could be an option',
    FULL,
    'serviceUser: container-registry→serviceUser: "--login"',
    ['c.yml:22: "hosts.git01.registry.serviceUser" is "--login"; expected the name of an account on the host'],
  ],
  [
    'an address with a command in it',
    SMALL,
    'git01.example.org→$(reboot)',
    ['c.yml:5: "hosts.git01.address" is "$(reboot)"; expected a DNS name or an IP address'],
  ],
  [
    'a relative path on the host',
    FULL,
    '/srv/registry→registry',
    ['c.yml:19: "hosts.git01.registry.config" is "registry/config.yml"; expected an absolute path on the host'],
  ],
  [
    'a URL with a password in it',
    FULL,
    'http://127.0.0.1:5000/→http://a:b@127.0.0.1:5000/',
    [
      'c.yml:20: "hosts.git01.registry.url" is "http://a:…@127.0.0.1:5000/"; expected an http:// or https:// address of letters, digits and ._:/%+~- without user, password, "?" and "#"',
    ],
  ],
  [
    'a store that is neither SQLite nor Postgres',
    FULL,
    'sqlite:./registry-doctor.db→mysql://db/x',
    [
      'c.yml:5: "store.url" is "mysql://db/x"; expected sqlite: and a path, as sqlite:./registry-doctor.db, or postgres://USER@HOST/DATABASE without a password (store.passwordFile or PGPASSWORD has it) and with no other options than sslmode (disable, require, verify-ca or verify-full), sslrootcert and host',
    ],
  ],
  [
    'a password in the URL of the store',
    FULL,
    'sqlite:./registry-doctor.db→postgres://bot:secret@db/x',
    [
      'c.yml:5: "store.url" is "postgres://bot:…@db/x"; expected sqlite: and a path, as sqlite:./registry-doctor.db, or postgres://USER@HOST/DATABASE without a password (store.passwordFile or PGPASSWORD has it) and with no other options than sslmode (disable, require, verify-ca or verify-full), sslrootcert and host',
    ],
  ],
  [
    'a record on Postgres without a place for the health socket',
    FULL,
    'sqlite:./registry-doctor.db→postgres://bot@db/x',
    [
      'c.yml:5: "store.socket" is missing; expected the path of a socket on which the bot answers for its health, as /run/registry-doctor/health.sock: a record on Postgres has no directory for it',
    ],
  ],
  [
    'a language without words',
    FULL,
    'language: zh-Hans→language: fr',
    ['c.yml:39: "language" is "fr"; expected en or zh-Hans'],
  ],
  [
    'a file name with a newline',
    SMALL,
    'knownHosts: known_hosts→knownHosts: "a\\nb"',
    [
      'c.yml:2: "ssh.knownHosts" is "a\\nb"; expected the path of a file (relative ones start where the config file is)',
    ],
  ],
  [
    'an alias, and the anchor that it names',
    SMALL,
    'hosts:→hosts: &all\n  git02: *all',
    [
      'c.yml:4: an anchor (&name) cannot be used here; write the value out where it is needed',
      'c.yml:4: an alias (*name) cannot be used here; write the value out',
    ],
  ],
  ['a tag', SMALL, 'user: root→user: !!str root', ['c.yml:6: a tag (!name) cannot be used here; remove it']],
  [
    'the same key twice',
    SMALL,
    'user: root→user: root\n    user: ann',
    ['c.yml:7:5: invalid YAML: Map keys must be unique'],
  ],
  [
    'two documents in one file',
    SMALL,
    'hosts:→---\nhosts:',
    ['c.yml:3: a second YAML document begins here; the config is one document, without "---" in it'],
  ],
  [
    'a key that JavaScript knows',
    SMALL,
    'ssh:→__proto__: { polluted: true }\nssh:',
    ['c.yml:1: the key "__proto__" cannot be used here'],
  ],
  ['a host that JavaScript knows', SMALL, 'git01:→__proto__:', ['c.yml:4: the key "__proto__" cannot be used here']],
];

for (const [name, text, change, said] of REFUSED) {
  test(`the config loader refuses a config: ${name}`, () => {
    const [before = '', after = ''] = change.split('→');
    const changed = text.replace(before, () => after);
    assert.notEqual(changed, text);
    assert.deepEqual(refused(changed), said);
  });
}

test('the config loader reports all config errors in one run, in line order', () => {
  const problems = refused('extra: 1\nstore: {}\nhosts: {}\npolicy: { approvalTtlMinutes: 0, approver: {} }\n');
  assert.deepEqual(
    problems.map((line) => line.replace(/; expected .*| Valid keys here: .*/, '')),
    [
      'c.yml:1: "ssh" is missing',
      'c.yml:1: unknown key "extra".',
      'c.yml:2: "store.url" is missing',
      'c.yml:3: "hosts" is a section',
      'c.yml:4: "policy.approvalTtlMinutes" is 0',
      'c.yml:4: unknown key "policy.approver". Did you mean "approvers"?',
    ],
  );
});

test('a config file of only comments is read as an empty config', () => {
  assert.deepEqual(refused('# nothing yet\n'), ['c.yml: the file is empty. README.md has an example']);
});

test('a config file that holds only a plain word is refused', () => {
  assert.deepEqual(refused('hello\n'), ['c.yml:1: "" is "hello"; expected a section (keys below it, indented)']);
});

test('a config with endless nesting is refused and does not crash the bot', () => {
  assert.match(refused('['.repeat(500_000)).join('\n'), /invalid YAML/);
});

test('a config with YAML aliases is refused, so an alias bomb never expands', () => {
  const levels = Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [${n === 0 ? 'x' : `*a${n - 1}, *a${n - 1}`}]`);
  assert.match(refused(levels.join('\n')).join('\n'), /an alias \(\*name\) cannot be used here/);
});

async function withFile<T>(content: Uint8Array | string, use: (file: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'rd-config-'));
  try {
    const file = join(directory, 'config.yml');
    await writeFile(file, content);
    return await use(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function readRefused(file: string): Promise<readonly string[]> {
  const outcome = await readConfig(file);
  if (outcome.kind === 'config') return assert.fail('the config was accepted');
  return outcome.problems.map((problem) => configProblem('c.yml', problem));
}

test('relative paths in a config file that was read from disk start at that file’s directory', async () => {
  await withFile(SMALL, async (file) => {
    const outcome = await readConfig(file);
    assert.equal(outcome.kind === 'config' && outcome.config.ssh.knownHosts, join(file, '../known_hosts'));
  });
});

test('a config file that is missing, a directory or not text is refused with that reason', async () => {
  assert.deepEqual(await readRefused('/nonexistent/config.yml'), ['c.yml: no such file']);
  assert.deepEqual(await readRefused('/'), ['c.yml: it is a directory, not a file']);
  await withFile(Uint8Array.of(0x61, 0xff, 0xfe), async (file) => {
    assert.deepEqual(await readRefused(file), ['c.yml: it is not UTF-8 text']);
  });
});

test('the config loader stops reading a config file that never ends (/dev/zero), and refuses it', async () => {
  assert.deepEqual(await readRefused('/dev/zero'), ['c.yml: it is larger than 1024 KiB, which no config file is']);
});

test('a config file that the bot has no permission to read is refused with that reason', async () => {
  await withFile(SMALL, async (file) => {
    await chmod(file, 0);
    const asRoot = process.getuid?.() === 0;
    // Root can read all, and the user nobody can't.
    if (asRoot) process.seteuid?.(65_534);
    try {
      assert.deepEqual(await readRefused(file), [
        'c.yml: permission denied for the user that runs this. If that is the bot’s user, run as root: `chgrp registry-doctor c.yml && chmod 0640 c.yml`',
      ]);
    } finally {
      if (asRoot) process.seteuid?.(0);
    }
  });
});
