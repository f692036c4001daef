import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import { parseGuardReason } from '../../src/host/frame/parse-guard-reason.ts';
import type { Diagnosis } from '../../src/model/diagnosis/diagnosis.ts';
import { Finding, type FindingId } from '../../src/model/diagnosis/finding.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { Facts } from '../../src/model/host/facts.ts';
import { findingWords } from '../../src/words/en/findings.ts';
import { proofSentence } from '../../src/words/en/verdict.ts';
import { plainText } from '../../src/words/phrase.ts';
import { hasInvisible } from '../../src/words/visible-text.ts';
import { acl, DENIED, dir, factsOf, hostPath, link, mountOf, REGISTRY } from '../support/facts/facts-builder.ts';
import { incidentFacts } from '../support/facts/incident-facts.ts';

type FindingContext = Pick<Diagnosis, 'host' | 'service' | 'plan'>;

const AROUND = judgeFacts(factsOf());

function textOf(finding: Finding, around: FindingContext = AROUND) {
  const { title, because, remedy } = findingWords(finding, around);
  return { title: plainText(title), because: plainText(because), remedy: plainText(remedy) };
}

function firstOf(facts: Facts) {
  const diagnosis = judgeFacts(facts);
  const [first] = diagnosis.findings;
  assert.ok(first);
  return textOf(first, diagnosis);
}

describe('the main finding of the incident', () => {
  const words = firstOf(incidentFacts());

  test('the main finding of the incident says which account can’t pass through which directories', () => {
    assert.equal(words.title, 'registry can’t pass through /data/vol1/ops');
  });

  test('the main finding of the incident says why: account, permission class, mode, owner and the symlink', () => {
    assert.equal(
      words.because,
      'registry (uid 993, group 993, no other groups) is blocked here: not owner, not in group ops, others have no x. ' +
        'The directory is drwxr-x--- (0750), owner and group root:ops. ' +
        'The storage path goes through the symlink /var/opt/gitlab/gitlab-rails → /data/vol1/ops/disk4t/gitlab-rails.',
    );
  });

  test('the main finding of the incident shows the exact command to run', () => {
    assert.equal(
      words.remedy,
      'Add only the missing permission: chmod 0751 /data/vol1/ops. The plan below does this after approval.',
    );
  });
});

describe('findings for which chmod is wrong', () => {
  const blocked = (owners: string, mode: string, entries = acl(), more: Partial<Facts> = {}) =>
    firstOf(
      factsOf({
        nodes: [dir('/data', mode, owners, entries), dir('/data/r', '0770', 'registry:git')],
        storageRoot: '/data/r',
        closed: ['/data'],
        mounts: more.mounts ?? known([]),
      }),
    );

  test('the finding about a directory that an ACL entry blocks quotes that entry', () => {
    const entries = acl('user::rwx', 'user:993:---', 'group::rwx', 'mask::rwx', 'other::rwx');
    const { because, remedy } = blocked('root:root', '0777', entries);
    assert.match(because, /the ACL entry for this user has no x/);
    assert.match(remedy, /Don’t use chmod here.* setfacl -m u:993:--x \/data\./);
  });

  test('the finding about a filesystem without real modes says that chmod has no effect there', () => {
    const mounts = known([
      mountOf({ mountPoint: hostPath('/'), filesystem: 'vfat', source: '/dev/sdb1', options: ['rw'] }),
    ]);
    const { because, remedy } = blocked('root:root', '0700', acl(), { mounts });
    assert.match(because, /keeps no Linux owners or modes and takes them from its mount options/);
    assert.match(remedy, /chmod has no effect here/);
  });

  test('the finding about a directory on a read-only filesystem says that it is read-only', () => {
    const mounts = known([
      mountOf({ mountPoint: hostPath('/'), filesystem: 'ext4', source: '/dev/sdb1', options: ['ro'] }),
    ]);
    assert.match(blocked('root:root', '0700', acl(), { mounts }).remedy, /mounted read-only/);
  });

  test('the finding about a blocked system directory says not to change it', () => {
    const facts = factsOf({ nodes: [dir('/var', '0700'), dir('/var/r')], storageRoot: '/var/r', closed: ['/var'] });
    assert.match(firstOf(facts).remedy, /is a system directory/);
  });

  test('the finding about a blocked storage root warns that chmod would give every account the same access', () => {
    const { stat } = factsOf().rootTries;
    const rootTries = { stat, list: known(DENIED), create: known(DENIED) };
    const facts = factsOf({
      nodes: [dir('/srv/r', '0700', 'git:git')],
      storageRoot: '/srv/r',
      closed: ['/srv/r'],
      rootTries,
    });
    const { title, because, remedy } = firstOf(facts);
    assert.equal(title, 'registry can reach its storage /srv/r, but can’t enter, list and create files in it');
    assert.match(because, /needs more permissions there: not owner, not in group git, others have no rwx\./);
    assert.match(remedy, /every account would gain the same access.*chown 993 \/srv\/r\./);
  });

  test('the finding proposes no change yet if something else on the path has to be fixed first', () => {
    const diagnosis = judgeFacts({ ...incidentFacts(), process: unknown('not-permitted') });
    const blocker = diagnosis.findings.find(({ id }) => id === 'untraversable-ancestor');
    assert.ok(blocker);
    assert.match(
      textOf(blocker, diagnosis).remedy,
      /I propose no change yet, because something else on the path has to be fixed first/,
    );
  });
});

const SAID = { words: 'listen tcp: bind: address already in use', at: 1_760_000_000 };

/** One finding of every id, as bare as it can be. */
const AT_DEBUG = { address: '10.9.9.9:5001', key: 'http.debug.addr', line: 12, variable: null } as const;
const ONE_OF_EACH: { [Id in FindingId]: Omit<Extract<Finding, { id: Id }>, 'id' | 'severity' | 'proof'> } = {
  'storage-spans-filesystems': {
    path: hostPath('/srv/r/docker/registry/v2/blobs'),
    uploads: hostPath('/srv/r/docker/registry/v2/repositories'),
    blobs: hostPath('/data/blobs'),
  },
  'file-unusable': {
    path: hostPath('/srv/auth/htpasswd'),
    role: 'htpasswd',
    key: 'auth.htpasswd.path',
    usedBy: null,
    cause: 'no-permission',
    blockedAt: hostPath('/srv/auth/htpasswd'),
    alsoBlockedAt: [],
    mode: modeOf('0600'),
    owner: 'root',
    group: 'root',
    decidedBy: 'other',
    lacking: ['r'],
    secret: true,
    holdsOthers: false,
    running: false,
    noChmod: null,
  },
  'untraversable-ancestor': {
    path: hostPath('/data/a'),
    mode: modeOf('0750'),
    owner: 'root',
    group: 'ops',
    decidedBy: 'group',
    throughLink: null,
    noChmod: null,
  },
  'container-sees-old-mount': {
    path: hostPath('/data/a'),
    pid: 7,
    coveredAt: hostPath('/srv/a'),
    mountPoint: hostPath('/srv'),
    source: '/dev/sdb1',
    filesystem: 'ext4',
  },
  'looked-from-inside': {
    path: hostPath('/data/a'),
    enteredBy: ['docker', 'exec', '-i', 'registry'],
    mount: { mountPoint: hostPath('/data'), source: '/dev/sdb1', directory: '/registry' },
  },
  'dangling-link': { path: hostPath('/data/a'), target: '/b', missing: hostPath('/b') },
  'storage-root-missing': { path: hostPath('/data/a') },
  'not-a-directory': { path: hostPath('/data/a') },
  'symlink-loop': { path: hostPath('/data/a') },
  'storage-root-unusable': {
    path: hostPath('/data/a'),
    lacking: ['list', 'create'],
    mode: modeOf('0700'),
    owner: 'git',
    group: 'git',
    decidedBy: 'other',
    noChmod: 'would-open-to-all',
  },
  'readonly-mount': { path: hostPath('/data/a'), mountPoint: hostPath('/data'), setUp: null },
  'mount-missing': {
    path: hostPath('/data'),
    mountPoint: hostPath('/data'),
    source: 'UUID=1',
    setUpIn: '/etc/fstab',
    unit: null,
    storageRoot: hostPath('/data/a'),
    breaksOffAt: null,
    repositories: 0,
  },
  'wrong-disk-mounted': {
    path: hostPath('/data'),
    mounted: '/dev/sdb1',
    fstab: 'UUID=1',
    storageRoot: hostPath('/data/a'),
    repositories: 3,
  },
  'filesystem-full': {
    path: hostPath('/data/a'),
    mountPoint: hostPath('/data'),
    of: 'bytes',
    available: 0,
    total: 1024 ** 3,
  },
  'stale-handle': { path: hostPath('/data/a'), mountPoint: hostPath('/data'), source: 'nas:/export' },
  'server-denies': {
    path: hostPath('/data/a'),
    operation: 'search',
    mountPoint: hostPath('/data'),
    source: 'nas:/export',
    filesystem: 'nfs4',
  },
  'mount-options-deny': {
    path: hostPath('/data/a'),
    operation: 'search',
    mountPoint: hostPath('/data'),
    source: '/dev/sdb1',
    filesystem: 'vfat',
    options: ['uid=0', 'umask=0077'],
    inFstab: true,
  },
  'disk-not-judged': {
    path: hostPath('/data/a'),
    what: 'mounts',
    why: { code: 'fstab-unread', because: { code: 'not-permitted' } },
  },
  'breaks-at-next-reboot': {
    path: hostPath('/data/a'),
    threats: [{ id: 'volatile-place', path: hostPath('/data'), why: 'tmpfs' }],
  },
  'breaks-at-next-reconfigure': {
    path: hostPath('/data/a'),
    threats: [
      {
        id: 'reconfigure-resets',
        path: hostPath('/data/a'),
        to: modeOf('0770'),
        owner: 'registry',
        group: 'git',
        understood: true,
      },
    ],
  },
  'wrong-owner': {
    path: hostPath('/data/a/docker/b'),
    top: hostPath('/data/a/docker'),
    owners: [{ uid: 992, gid: 0, owner: '992', group: 'root', entries: 1 }],
    firstPaths: [hostPath('/data/a/docker/b')],
    rootToo: true,
    complete: false,
    denied: null,
    drift: 'no-account',
    noChown: 'not-counted',
  },
  'inner-directory-unusable': {
    path: hostPath('/data/a'),
    lacking: ['create'],
    mode: modeOf('0555'),
    owner: 'registry',
    group: 'registry',
    count: 3,
    complete: true,
    noChmod: null,
  },
  'inner-file-unusable': {
    path: hostPath('/data/a/docker/c'),
    kind: 'file',
    lacking: 'read',
    mode: modeOf('0000'),
    count: 2,
  },
  'world-writable-storage': {
    path: hostPath('/data/a/docker/b'),
    top: hostPath('/data/a/docker'),
    entries: 12_345,
    complete: true,
    firstPaths: [hostPath('/data/a/docker/b')],
  },
  'images-unseen': { path: null, onDisk: 214, atLeast: true, listed: 0 },
  'image-data-missing': {
    path: hostPath('/data/a'),
    complete: false,
    tagsListed: 214,
    tagsLookedAt: 200,
    manifestsRead: 50,
    brokenTags: 3,
    brokenUntagged: 0,
    kinds: [{ kind: 'empty-link', count: 3 }],
    samples: [{ kind: 'empty-link', repository: 'team/app', tag: 'v1', file: hostPath('/data/a') }],
  },
  'storage-empty': { path: hostPath('/data/a'), lastGoodAt: 1_759_000_000, wasUsed: true },
  'contents-not-judged': { path: hostPath('/data/a'), why: { code: 'missing-on-host', detail: 'setpriv' } },
  'immutable-directory': { path: hostPath('/data/a') },
  'protected-symlink': {
    path: hostPath('/srv/tmp/link'),
    target: '/data/a',
    linkOwner: 'alice',
    directory: hostPath('/srv/tmp'),
    directoryOwner: 'root',
  },
  'nosymfollow-mount': { path: hostPath('/srv/link'), target: '/data/a', mountPoint: hostPath('/srv') },
  'security-module-denies': {
    path: hostPath('/data/a'),
    module: 'selinux',
    label: 'system_u:system_r:container_t:s0',
    words: 'filesystem: stat /data/a: permission denied',
    toldBy: 'health',
  },
  'access-disagreement': {
    path: hostPath('/data/a'),
    operation: 'search',
    evaluated: 'allowed',
    tried: 'denied',
    likely: [
      { reason: 'server', detail: 'nfs4' },
      { reason: 'changed-in-between', detail: null },
    ],
  },
  'path-not-visible': { path: hostPath('/data/a'), why: { code: 'not-permitted' } },
  'access-not-judged': { path: hostPath('/data/a'), why: { code: 'not-tried' } },
  'service-not-running': {
    path: null,
    serviceUser: 'registry',
    state: 'failed',
    lastWords: SAID,
    complaint: 'port-taken',
  },
  'restart-loop': { path: null, manager: 'systemd', restarts: 1, lastWords: SAID, complaint: 'port-taken' },
  'port-taken': { path: null, port: 5000, pid: 17, command: 'nginx', said: SAID, ...AT_DEBUG },
  'address-unavailable': { path: null, ...AT_DEBUG, said: SAID },
  'port-not-permitted': { path: null, ...AT_DEBUG, port: 80, unprivilegedPorts: 1024, said: SAID },
  'config-invalid': {
    path: null,
    problem: 'several-drivers',
    file: '/etc/docker/registry/config.yml',
    line: 9,
    key: 'storage',
    named: [
      { name: 'filesystem', line: 7 },
      { name: 's3', line: null },
    ],
    said: SAID,
  },
  'upstream-unreachable': { path: null, upstream: 'https://mirror.example', said: SAID },
  'out-of-memory': { path: null, toldBy: 'kernel', said: SAID },
  'redis-refuses-writes': { path: null, reason: 'memory', said: SAID },
  'token-certificate-mismatch': { path: null, certificatePath: '/a.crt', signingKeyPath: '/a.key', said: SAID },
  'clock-skew': { path: null, aheadSeconds: -7200, synchronised: false, said: SAID },
  'umask-too-tight': { path: null, pid: 4711, umask: modeOf('0177') },
  'config-changed-since-start': {
    path: hostPath('/etc/docker/registry/config.yml'),
    pid: 4711,
    startedAt: 1_790_000_000,
    changedAt: 1_790_000_100,
  },
  'maintenance-mode': { path: null, refusedPushes: 1 },
  'database-unreachable': { path: null, said: SAID },
  'lock-file': { path: null, said: SAID },
  'redis-unreachable': { path: null, said: SAID },
  'object-storage-failing': { path: null, driver: 's3', said: SAID },
  'pushes-failed': { path: hostPath('/data/a'), complaint: 'no-space', count: 2, said: SAID, request: null },
  'pulls-failed': {
    path: hostPath('/data/a'),
    complaint: null,
    count: 1,
    said: SAID,
    request: { at: 1_759_000_000, method: 'GET', path: '/v2/a/manifests/t', status: 500 },
  },
  'server-errors': {
    path: null,
    requests: 500,
    failed: 100,
    from: 1_759_999_200,
    to: 1_760_000_040,
    first: { at: 1_759_999_230, method: 'PUT', path: '/v2/a/manifests/t', status: 500 },
  },
  'foreign-registry-process': { path: null, pid: 812, user: 'ann', uid: 1000, account: 'registry' },
  'unexpected-service-user': {
    path: null,
    pid: 17,
    user: 'alice',
    uid: 1000,
    account: 'registry',
    accountUid: 993,
  },
  'no-plan-can-run': { path: null, why: { code: 'tool-missing', tool: 'dd' } },
  'identity-unknown': { path: null, why: { code: 'not-permitted' } },
  'storage-root-unknown': {
    path: null,
    why: { code: 'config-missing' },
    config: hostPath('/var/opt/gitlab/registry/config.yml'),
    lacksOmnibus: false,
  },
  'other-mount-namespace': { path: null, pid: 17 },
  'storage-not-on-disk': { path: null, driver: 's3' },
  'health-check-off': { path: null },
  'registry-unwell': { path: null, v2: { url: 'http://h/v2/', status: 503, body: 'no' }, health: null },
  'registry-not-answering': { path: null, asked: true, page: '/v2/', why: { code: 'empty-answer' } },
  'login-key-unusable': { path: null, why: { code: 'ssh', problem: { code: 'shutting-down' } } },
  'host-unreachable': { path: null, why: { code: 'ssh', problem: { code: 'shutting-down' } } },
  'host-key-mismatch': { path: null, why: { code: 'ssh', problem: { code: 'shutting-down' } } },
  'authentication-failed': { path: null, why: { code: 'ssh', problem: { code: 'shutting-down' } } },
  'sudo-refused': { path: null, why: { code: 'sudo-refused', problem: 'not-allowed', said: 'a password is required' } },
  'probe-timed-out': { path: null, why: { code: 'timed-out', timeoutMs: 20_000 } },
  'guard-mismatch': { path: null, why: { code: 'guard-not-expected' } },
  'guard-refused': { path: null, why: { code: 'guard-refused', why: { code: 'tool-missing', tool: 'awk' } } },
  'probe-malformed': { path: null, why: { code: 'malformed', why: { code: 'cut' } } },
};

describe('every finding', () => {
  const noService: FindingContext = { host: AROUND.host, service: null, plan: null };
  for (const [id, fields] of Object.entries(ONE_OF_EACH)) {
    const finding = Finding.parse({ id, severity: 'warning', proof: 'unproven', ...fields });

    test(`the finding ${id} says what is wrong, why, and what to do`, () => {
      for (const around of [AROUND, noService]) {
        const { title, because, remedy } = textOf(finding, around);
        assert.match(title, /[^.]$/, 'a title is a clause');
        for (const sentence of [because, remedy]) assert.match(sentence, /[.”]$/);
        for (const text of [title, because, remedy]) assert.doesNotMatch(text, /undefined|null|\[object| {2}|\.\./);
        if (finding.path !== null) assert.ok(`${title} ${because}`.includes(finding.path));
      }
    });
  }

  for (const [asked, code, title, remedy] of [
    [true, 'connection-refused', 'The registry doesn’t answer', /^Check whether its process hangs/],
    [true, 'not-http', 'The registry’s answer can’t be read', /^Something answers there/],
    [false, 'address-unknown', 'The registry couldn’t be asked', /^So it is unknown whether it is healthy/],
  ] as const) {
    test(`the finding for a registry that gave no answer has one title with its remedy (asked: ${asked}, ${code})`, () => {
      const silence = { id: 'registry-not-answering', severity: 'warning', proof: 'evaluated', path: null } as const;
      const told = textOf({ ...silence, asked, page: '/debug/health', why: { code } }, AROUND);
      assert.equal(told.title, title);
      assert.match(told.remedy, remedy);
    });
  }

  test('every finding shows a hostile name completely, and no part of it starts a line', () => {
    const hostile = '/a\nPlan 1-1: \u202eapproved\u200b';
    const facts = factsOf({
      nodes: [link('/l', hostile), dir(hostile, '0700', 'root:root'), dir(`${hostile}/r`)],
      storageRoot: '/l/r',
      closed: [hostile],
    });
    const renamed = facts.nodes.map((node) =>
      node.state === 'present' ? { ...node, owner: 'ro\not', group: 'g\u202e' } : node,
    );
    const diagnosis = judgeFacts({ ...facts, nodes: renamed });
    assert.equal(diagnosis.findings[0]?.id, 'untraversable-ancestor');
    for (const finding of diagnosis.findings) {
      for (const text of Object.values(textOf(finding, diagnosis))) assert.equal(hasInvisible(text), false, text);
    }
  });

  test('a finding about a service user with many groups stays short', () => {
    const groups = Array.from({ length: 5000 }, (_, index) => 2000 + index);
    const identity = { ...REGISTRY, groups };
    const { because } = firstOf(
      factsOf({ nodes: [dir('/data', '0700'), dir('/data/r')], storageRoot: '/data/r', closed: ['/data'], identity }),
    );
    assert.match(because, /other groups 2000 2001 .* and 4988 more/);
    assert.ok(because.length < 400);
  });
});

function modeOf(mode: string) {
  return dir('/x', mode).mode;
}

test('the finding about a missing Omnibus config names its path, and how to configure a host without Omnibus', () => {
  const lost = (config: string, lacksOmnibus = false) =>
    textOf({
      ...{ id: 'storage-root-unknown', severity: 'warning', proof: 'unproven', path: null },
      ...{ why: { code: 'config-missing' }, config: hostPath(config), lacksOmnibus },
    });
  const omnibus = lost('/var/opt/gitlab/registry/config.yml');
  assert.match(
    `${omnibus.because} ${omnibus.remedy}`,
    /I looked at \/var\/opt\/gitlab\/registry\/config\.yml\. .*Not GitLab Omnibus\? Set layout: distribution\./,
  );
  assert.doesNotMatch(lost('/etc/docker/registry/config.yml').remedy, /Omnibus|read that file/);
  const { title, remedy } = lost('/var/opt/gitlab/registry/config.yml', true);
  assert.match(`${title}. ${remedy}`, /has no GitLab Omnibus.*Set registry: \{ layout: distribution \} for/);
  assert.doesNotMatch(remedy, /sudo|read that file|gitlab-ctl/);
});

test('the finding about several registries names the config file of each, and asks which is meant, with the line to set', () => {
  const told = (detail: string) =>
    textOf({
      ...{ id: 'storage-root-unknown', severity: 'warning', proof: 'unproven', path: null },
      ...{ why: { code: 'none-with-config', detail }, config: hostPath('/etc/c.yml'), lacksOmnibus: false },
    });
  const two = told('2 /etc/a.yml /etc/b.yml');
  assert.equal(two.title, `It is unknown which registry on ${AROUND.host} is meant`);
  assert.equal(
    two.because,
    '2 registry processes run, but none with this config: they use /etc/a.yml and /etc/b.yml. I looked at /etc/c.yml.',
  );
  assert.equal(
    two.remedy,
    `Which one do you mean? Under hosts.${AROUND.host}.registry in Registry Doctor’s config, set config: /etc/a.yml or config: /etc/b.yml. Then diagnose again.`,
  );
  assert.match(told('3').remedy, /set config: FILE\. Then diagnose again\.$/);
});

const NO_PLAN: readonly (readonly [sent: string, advice: string])[] = [
  ['no-flock', 'Install flock of util-linux on git01, in a directory of root’s PATH (/usr/bin).'],
  ['no-ssh-keygen', 'Install ssh-keygen on git01, in a directory of root’s PATH (/usr/bin).'],
  ['tool-missing dd', 'Install dd on git01, in a directory of root’s PATH (/usr/bin).'],
  [
    'access-not-testable setpriv-without-reuid',
    'Install setpriv of util-linux on git01, in a directory of root’s PATH (/usr/bin).',
  ],
  [
    'access-not-testable missing-on-host timeout',
    'Install timeout on git01, in a directory of root’s PATH (/usr/bin).',
  ],
  ['access-not-testable host-said so', 'Correct that on git01.'],
  ['shell-closes-files', 'Make /bin/sh on git01 a link to dash or bash.'],
  ['record-disk-full /var/lib', 'Free space on that filesystem of git01.'],
];
for (const [sent, advice] of NO_PLAN) {
  test(`the finding that no plan can run says what to do on the host for ${sent}`, () => {
    const { remedy } = textOf({
      ...{ id: 'no-plan-can-run', severity: 'warning', proof: 'evaluated', path: null, why: parseGuardReason(sent) },
    });
    assert.equal(remedy, `${advice} Then diagnose again.`.replaceAll('git01', AROUND.host));
  });
}

/** The words for an htpasswd path that is a directory, which holds other files of the registry or is not known to. */
function htpasswdDirectory(holdsOthers: boolean): string {
  const { because, remedy } = textOf({
    ...{ id: 'file-unusable', severity: 'warning', proof: 'kernel', ...ONE_OF_EACH['file-unusable'] },
    ...{ cause: 'is-a-directory', mode: null, owner: null, group: null, holdsOthers },
  });
  return `${because} ${remedy}`;
}

test('the finding about an htpasswd path that is a directory in use says to change the config', () => {
  const text = htpasswdDirectory(true);
  assert.match(text, /The registry starts with it, but every login fails\./);
  assert.match(text, /Write the path of a file into auth\.htpasswd\.path/);
  assert.doesNotMatch(text, /rmdir|Docker|can’t start/);
});

test('the finding about an htpasswd path that is a directory says to remove only an empty one', () =>
  assert.match(htpasswdDirectory(false), /If the directory is empty, remove it \(rmdir \/srv\/auth\/htpasswd\)/));

for (const [cause, answer] of [
  ['no-permission', 'denied by the kernel'],
  ['is-a-directory', 'it is a directory'],
  ['missing', 'it doesn’t exist'],
] as const)
  test(`the proof of an unusable file tells what the kernel answered: ${cause}`, () => {
    const fields = { ...ONE_OF_EACH['file-unusable'], cause };
    const finding = Finding.parse({ id: 'file-unusable', severity: 'fault', proof: 'kernel', ...fields });
    const sentence = plainText(proofSentence({ ...AROUND, durationMs: 0, verdict: 'faulty', findings: [finding] }));
    assert.match(sentence, new RegExp(`, ${answer}\\.$`));
  });

test('the finding about an unknown host key names the host in its advice', () => {
  const why = {
    code: 'ssh',
    problem: { code: 'known-hosts-unreadable', file: '/k', error: { errno: 'ENOENT', said: '' } },
  } as const;
  const { because } = textOf({ id: 'host-key-mismatch', severity: 'warning', proof: 'unproven', path: null, why });
  assert.match(because, /registry-doctor host setup git01 shows how to create the file/);
});
