import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../../src/diagnosis/access/judge-access.ts';
import { connectionFinding } from '../../../src/diagnosis/checks/connection-findings.ts';
import { CHECKS, isInconclusive } from '../../../src/diagnosis/checks/index.ts';
import { verdictOf } from '../../../src/diagnosis/checks/verdict.ts';
import { judgeDurability } from '../../../src/diagnosis/durability/judge-durability.ts';
import { parseHttpAnswer } from '../../../src/host/probe/registry/parse-http-answer.ts';
import { Finding } from '../../../src/model/diagnosis/finding.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import type { Facts, Identity, ServiceProcess, TryResult } from '../../../src/model/host/facts.ts';
import type { Reason } from '../../../src/model/reason.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import {
  ALLOWED,
  acl,
  DENIED,
  dir,
  type FactsOptions,
  factsOf,
  file,
  hostPath,
  link,
  missing,
  mountOf,
  processOf,
  REGISTRY,
  unseen,
  unwell,
  WELL,
  withoutTries,
} from '../../support/facts/facts-builder.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';
import { usedFile } from '../../support/facts/used-path.ts';

const REFUSED = unknown('connection-refused');
const ROOT = '/var/lib/registry';
const FAILED: TryResult = { result: 'failed', why: { code: 'not-there' } };
const CONFIG = '/srv/registry/config.yml';
const OPEN_ROOT = dir(ROOT, '0770', 'registry:registry');

function findingsOf(facts: Facts): Finding[] {
  const findings = allFindings(facts);
  return findings.map((finding) => Finding.parse(finding));
}

/** `fault untraversable-ancestor kernel /data`: what a finding comes to, in one line. */
function linesOf(facts: Facts): string[] {
  return findingsOf(facts).map(({ severity, id, proof, path }) => [severity, id, proof, path ?? '-'].join(' '));
}

function tries(stat: TryResult, list: TryResult, create: TryResult): Pick<Facts, 'rootTries'> {
  return { rootTries: { stat: known(stat), list: known(list), create: known(create) } };
}

function failedAs(why: Reason): Pick<Facts, 'rootTries'> {
  const failed: TryResult = { result: 'failed', why };
  return tries(failed, failed, failed);
}

function withProcess(of: Partial<ServiceProcess>): Pick<Facts, 'process'> {
  return { process: known(processOf(of)) };
}

/** The config file was written then; the process started at 1,759,998,010. */
function withConfigOf(modifiedAt: number, { nodes = [OPEN_ROOT], ...more }: FactsOptions = {}): Facts {
  const config = { ...file(CONFIG), modifiedAt: known(modifiedAt) };
  const paths = [usedFile('config', CONFIG)];
  return factsOf({ nodes: [...nodes, config], paths, ...withProcess({}), ...more });
}

const facts = factsOf();
const config = facts.config.state === 'known' ? facts.config.value : assert.fail();
const answer = (status: number, body = '') => known({ url: 'http://127.0.0.1:5000/v2/', status, body });
const unreadAcl = (path: string, mode: string) => ({
  ...dir(path, mode),
  acl: unknown({ code: 'missing-on-host', detail: 'getfacl' }),
});

const ROWS: { name: string; facts: Facts; findings: string[] }[] = [
  { name: 'a healthy registry', facts, findings: [] },
  {
    name: 'the incident: both blockers, and the 503 as their consequence',
    facts: incidentFacts(),
    findings: [
      'fault untraversable-ancestor kernel /data/vol1/ops',
      'fault untraversable-ancestor kernel /data/vol1/ops/disk4t',
      'info registry-unwell evaluated -',
    ],
  },
  {
    name: 'closed directories that were not tested',
    facts: withoutTries(incidentFacts()),
    findings: [
      'fault untraversable-ancestor evaluated /data/vol1/ops',
      'fault untraversable-ancestor evaluated /data/vol1/ops/disk4t',
      'info registry-unwell evaluated -',
    ],
  },
  {
    name: 'a green health check over a missing storage root',
    facts: factsOf({ nodes: [missing(ROOT)], ...tries(FAILED, FAILED, FAILED) }),
    findings: [`fault storage-root-missing kernel ${ROOT}`],
  },
  {
    name: 'a green health check over a broken symlink',
    facts: factsOf({
      nodes: [link(ROOT, '/mnt/gone'), dir('/mnt'), missing('/mnt/gone')],
      ...tries(FAILED, FAILED, FAILED),
    }),
    findings: [`fault dangling-link kernel ${ROOT}`],
  },
  {
    name: 'a file in place of a directory on the path, and the 503 as its consequence',
    facts: factsOf({ nodes: [file('/var/lib')], ...failedAs({ code: 'not-a-directory' }), ...unwell(ROOT) }),
    findings: ['fault not-a-directory kernel /var/lib', 'info registry-unwell evaluated -'],
  },
  {
    name: 'symlinks in a ring, and the 503 as their consequence',
    facts: factsOf({
      nodes: [link('/var/lib', 'lib')],
      ...failedAs({ code: 'too-many-links' }),
      ...unwell(ROOT),
    }),
    findings: ['fault symlink-loop kernel /var/lib', 'info registry-unwell evaluated -'],
  },
  {
    name: 'a broken symlink comes before the closed directory on its path',
    facts: factsOf({
      nodes: [dir('/var', '0700'), link(ROOT, '/gone'), missing('/gone')],
      closed: ['/var'],
      ...WELL,
    }),
    findings: [`fault dangling-link evaluated ${ROOT}`, 'fault untraversable-ancestor kernel /var'],
  },
  {
    name: 'a 503 that a missing root does not explain stays a fault',
    facts: factsOf({ nodes: [missing(ROOT)], ...tries(FAILED, FAILED, FAILED), ...unwell(ROOT) }),
    findings: [`fault storage-root-missing kernel ${ROOT}`, 'fault registry-unwell evaluated -'],
  },
  {
    name: 'a green health check over a storage root that can’t be used',
    facts: factsOf({
      nodes: [dir(ROOT, '0700', 'root:root')],
      closed: [ROOT],
      ...tries(ALLOWED, DENIED, DENIED),
      ...WELL,
    }),
    findings: [`fault storage-root-unusable kernel ${ROOT}`],
  },
  {
    name: 'a 503 that an unusable root does not explain stays a fault',
    facts: factsOf({ nodes: [dir(ROOT, '0700')], closed: [ROOT], ...tries(ALLOWED, DENIED, DENIED) }),
    findings: [`fault storage-root-unusable kernel ${ROOT}`, 'fault registry-unwell evaluated -'],
  },
  {
    name: 'a read-only mount',
    facts: factsOf({
      ...tries(ALLOWED, ALLOWED, { result: 'failed', why: { code: 'read-only-filesystem' } }),
      mounts: known([mountOf({ mountPoint: hostPath('/'), options: ['ro'] })]),
    }),
    findings: [`fault readonly-mount kernel ${ROOT}`],
  },
  {
    name: 'a config that was written after the start of the process: no fault of the storage is certain',
    facts: withConfigOf(1_759_998_100, {
      nodes: [dir(ROOT, '0700')],
      closed: [ROOT],
      ...tries(ALLOWED, DENIED, DENIED),
      ...WELL,
    }),
    findings: [
      `warning config-changed-since-start evaluated ${CONFIG}`,
      `warning storage-root-unusable kernel ${ROOT}`,
    ],
  },
  {
    name: 'a config that was written while the process started',
    facts: withConfigOf(1_759_998_012),
    findings: [],
  },
  {
    name: 'no process and no answer',
    facts: factsOf({ process: absent, v2: REFUSED, health: REFUSED }),
    findings: ['fault service-not-running evaluated -'],
  },
  {
    name: 'no process, and something answers anyway',
    facts: factsOf({ process: absent }),
    findings: ['warning identity-unknown unproven -'],
  },
  {
    name: 'a process that was not seen',
    facts: factsOf({ process: unknown('not-permitted') }),
    findings: ['warning identity-unknown unproven -'],
  },
  {
    name: 'neither process nor account',
    facts: factsOf({ process: absent, account: absent, v2: REFUSED, health: absent, triedAs: absent }),
    findings: ['fault service-not-running evaluated -', 'warning identity-unknown unproven -'],
  },
  {
    name: 'a live process that stays silent',
    facts: factsOf({ v2: REFUSED, health: REFUSED }),
    findings: ['fault registry-not-answering evaluated -'],
  },
  {
    name: 'a registry without an address',
    facts: factsOf({ v2: absent }),
    findings: ['warning registry-not-answering evaluated -'],
  },
  {
    name: 'a registry that could not be asked',
    facts: factsOf({ v2: unknown('no-tool-to-ask') }),
    findings: ['warning registry-not-answering evaluated -'],
  },
  {
    name: 'a debug address that does not answer',
    facts: factsOf({ health: unknown('connection-refused') }),
    findings: ['warning registry-not-answering evaluated -'],
  },
  { name: 'no debug address, which is no fault', facts: factsOf({ health: absent }), findings: [] },
  { name: '401 from /v2/ is healthy', facts: factsOf({ v2: answer(401) }), findings: [] },
  {
    name: 'a 503 although every directory on the path is open',
    facts: factsOf(unwell(ROOT)),
    findings: ['fault registry-unwell evaluated -'],
  },
  { name: '502 from /v2/', facts: factsOf({ v2: answer(502) }), findings: ['fault registry-unwell evaluated -'] },
  {
    name: 'a health answer that is not 200',
    facts: factsOf({ health: answer(500) }),
    findings: ['fault registry-unwell evaluated -'],
  },
  {
    name: 'the health check switched off over a closed path',
    facts: { ...incidentFacts(), ...WELL, config: known({ ...config, storageHealthCheck: false }) },
    findings: [
      'fault untraversable-ancestor kernel /data/vol1/ops',
      'fault untraversable-ancestor kernel /data/vol1/ops/disk4t',
      'warning health-check-off evaluated -',
    ],
  },
  {
    name: 'object storage',
    facts: {
      ...factsOf({ config: known({ ...config, storageDriver: 's3', rootDirectory: null }), nodes: [] }),
      storageRoot: absent,
    },
    findings: ['info storage-not-on-disk evaluated -'],
  },
  {
    name: 'a config that was not read',
    facts: { ...factsOf({ config: unknown('not-permitted') }), storageRoot: unknown('config-missing') },
    findings: ['warning storage-root-unknown unproven -'],
  },
  {
    name: 'a missing config',
    facts: { ...factsOf({ config: absent }), storageRoot: absent },
    findings: ['warning storage-root-unknown unproven -'],
  },
  {
    name: 'a process in another mount namespace: nothing is proven, not even the closed directory',
    facts: { ...incidentFacts(), ...withProcess({ mountNamespace: 'other' }), ...WELL },
    findings: ['warning other-mount-namespace unproven -'],
  },
  {
    name: 'a mount namespace that could not be read',
    facts: factsOf(withProcess({ mountNamespace: 'unknown' })),
    findings: [`warning access-not-judged unproven ${ROOT}`],
  },
  {
    name: 'a directory that could not be inspected',
    facts: withoutTries(factsOf({ nodes: [dir('/var'), unseen('/var/lib')] })),
    findings: ['warning path-not-visible unproven /var/lib'],
  },
  {
    name: 'a closed directory with entries behind it that could not be inspected',
    facts: withoutTries(factsOf({ nodes: [dir('/var', '0700'), unseen('/var/lib')] })),
    findings: ['fault untraversable-ancestor evaluated /var', 'warning path-not-visible unproven /var/lib'],
  },
  {
    name: 'no access was tested',
    facts: withoutTries(facts),
    findings: [`warning access-not-judged unproven ${ROOT}`],
  },
  {
    name: 'access was tested as another identity',
    facts: factsOf({ triedAs: known({ ...REGISTRY, groups: [1500] }) }),
    findings: [`warning access-not-judged unproven ${ROOT}`],
  },
  {
    name: 'only creating was not tested',
    facts: factsOf({
      rootTries: { stat: known(ALLOWED), list: known(ALLOWED), create: unknown('shell-asks-no-kernel') },
    }),
    findings: [`warning access-not-judged unproven ${ROOT}`],
  },
  {
    name: 'create failed for a reason that modes do not know',
    facts: factsOf(
      tries(ALLOWED, ALLOWED, { result: 'failed', why: { code: 'host-said', said: 'No space left on device' } }),
    ),
    findings: [`warning access-not-judged unproven ${ROOT}`],
  },
  {
    name: 'stat failed for a reason that modes do not know',
    facts: factsOf(
      tries({ result: 'failed', why: { code: 'host-said', said: 'Input/output error' } }, ALLOWED, ALLOWED),
    ),
    findings: [`warning access-not-judged unproven ${ROOT}`],
  },
  {
    name: 'an ACL that was not read, and access was not tested',
    facts: withoutTries(factsOf({ nodes: [unreadAcl('/var', '0755'), OPEN_ROOT] })),
    findings: ['warning access-not-judged unproven /var'],
  },
  {
    name: 'an ACL that was not read, and the kernel allows access',
    facts: factsOf({ nodes: [unreadAcl('/var', '0755'), OPEN_ROOT] }),
    findings: [],
  },
  {
    name: 'mode bits that allow access, and a kernel that denies it',
    facts: factsOf({ nodes: [dir('/var'), OPEN_ROOT], closed: ['/var'], ...WELL }),
    findings: ['warning access-disagreement unproven /var'],
  },
  {
    name: 'mode bits that deny access, and a kernel that allows it',
    facts: factsOf({ nodes: [dir('/var', '0700'), OPEN_ROOT] }),
    findings: ['warning access-disagreement unproven /var'],
  },
  {
    name: 'a storage root that the mode bits let the service list, and the kernel does not',
    facts: factsOf(tries(ALLOWED, DENIED, ALLOWED)),
    findings: [`warning access-disagreement unproven ${ROOT}`],
  },
  {
    name: 'every directory on the path open, and the whole path denied',
    facts: factsOf(tries(DENIED, DENIED, DENIED)),
    findings: [`warning access-disagreement unproven ${ROOT}`],
  },
];

describe('which findings each fault gives, the one to act on first', () => {
  for (const { name, facts: given, findings } of ROWS) {
    test(`the diagnosis gives the right findings, in the right order: ${name}`, () =>
      assert.deepEqual(linesOf(given), findings));
  }
});

describe('what the finding about a closed directory says', () => {
  const blocker = (mode: string, owners: string, entries = acl(), identity: Identity = REGISTRY) => {
    const nodes = [dir('/srv/a', mode, owners, entries), dir('/srv/a/r', '0770', 'registry:git')];
    const [found] = findingsOf(factsOf({ nodes, storageRoot: '/srv/a/r', closed: ['/srv/a'], identity }));
    assert.ok(found?.id === 'untraversable-ancestor');
    return { decidedBy: found.decidedBy, noChmod: found.noChmod };
  };

  test('the finding about a closed directory says that others have no x', () =>
    assert.deepEqual(blocker('0750', 'root:ops'), { decidedBy: 'other', noChmod: null }));
  test('the finding about a closed directory says that its group has no x', () =>
    assert.deepEqual(blocker('0701', 'root:registry'), { decidedBy: 'group', noChmod: null }));
  test('the finding about a closed directory says that its owner has no x', () =>
    assert.deepEqual(blocker('0070', 'registry:root'), { decidedBy: 'owner', noChmod: null }));
  test('the finding about a closed directory says if everyone can already write to it', () =>
    assert.deepEqual(blocker('0077', 'registry:root'), { decidedBy: 'owner', noChmod: 'world-writable' }));
  test('the finding about a closed directory says that an ACL denies a named user', () => {
    const entries = acl('user::rwx', 'user:993:---', 'group::rwx', 'mask::rwx', 'other::rwx');
    assert.deepEqual(blocker('0777', 'root:root', entries), { decidedBy: 'named-user', noChmod: 'acl' });
  });
  test('the finding about a closed directory says that an ACL denies a named group', () => {
    const entries = acl('user::rwx', 'group::rwx', 'group:993:---', 'mask::rwx', 'other::rwx');
    assert.deepEqual(blocker('0777', 'root:root', entries), { decidedBy: 'named-group', noChmod: 'acl' });
  });
  test('the finding about a closed directory says that an ACL denies the owning group', () => {
    const entries = acl('user::rwx', 'user:994:r-x', 'group::r--', 'mask::r-x', 'other::---');
    assert.deepEqual(blocker('0750', 'root:registry', entries), { decidedBy: 'group', noChmod: 'acl' });
  });
  test('the finding about a closed directory says that others have no x if its ACL names only another user', () => {
    const entries = acl('user::rwx', 'user:994:r-x', 'group::r-x', 'mask::r-x', 'other::---');
    assert.deepEqual(blocker('0750', 'root:root', entries), { decidedBy: 'other', noChmod: null });
  });
});

describe('the list of the diagnosis’s checks', () => {
  test('each check of the diagnosis has a file that is named by its finding’s id', () => {
    const rooms = readdirSync(new URL('../../../src/diagnosis/checks/', import.meta.url), { withFileTypes: true });
    const files = rooms
      .filter((room) => room.isDirectory() && room.name !== 'evidence')
      .flatMap((room) => readdirSync(`${room.parentPath}/${room.name}`));
    assert.deepEqual(CHECKS.map(({ id }) => `${id}.ts`).toSorted(), files.toSorted());
  });

  test('each check of the diagnosis reports only findings with its own id', () => {
    for (const { facts: given } of ROWS) {
      const judged = judgeAccess(given);
      const durability = judgeDurability(judged);
      for (const check of CHECKS) {
        for (const finding of check.look(judged, durability)) assert.equal(finding.id, check.id);
      }
    }
  });

  test('each check of the diagnosis is covered by a test', () => {
    const seen = new Set(ROWS.flatMap(({ facts: given }) => findingsOf(given).map(({ id }) => id)));
    const here = new URL('.', import.meta.url);
    const others = readdirSync(here).filter((name) => name.endsWith('.test.ts') && !import.meta.url.endsWith(name));
    const tested = others.map((name) => readFileSync(new URL(name, here), 'utf8')).join('\n');
    assert.deepEqual(
      CHECKS.filter(({ id }) => !seen.has(id) && !tested.includes(id)),
      [],
    );
  });
});

describe('a registry that does not answer HTTP requests', () => {
  const severityAfter = (ending: string) => {
    const v2 = parseHttpAnswer('http://127.0.0.1:5000/v2/', new TextEncoder().encode(`\n${ending}`));
    return findingsOf(factsOf({ v2 })).map(({ id, severity }) => `${severity} ${id}`);
  };
  for (const ending of ['curl 7', 'curl 28', 'curl 52', 'wget 4', 'bash 7', 'bash 124']) {
    test(`a registry that gave no HTTP answer is reported as faulty after ${ending}`, () =>
      assert.deepEqual(severityAfter(ending), ['fault registry-not-answering']));
  }
  for (const ending of [
    'none 0',
    'unable bash unstarted, curl 127',
    'bash 6',
    'curl 6',
    'curl 35',
    'curl 60',
    'wget 5',
    'curl 99',
  ]) {
    test(`a registry that gave no HTTP answer is not reported as faulty after ${ending}`, () =>
      assert.deepEqual(severityAfter(ending), ['warning registry-not-answering']));
  }
});

describe('a registry that no program on the host could send a request to', () => {
  const lead = (v2: Facts['v2']) => {
    const [finding] = findingsOf(factsOf({ v2 }));
    return finding?.id === 'registry-not-answering' && [finding.severity, finding.asked];
  };
  const unasked: readonly Reason[] = [
    { code: 'tools-failed', detail: 'bash unstarted, curl 127' },
    { code: 'no-tool-to-ask' },
    { code: 'name-unresolved' },
    { code: 'config-unread', because: { code: 'not-permitted' } },
  ];
  const askedInVain: readonly Reason[] = [
    { code: 'not-http' },
    { code: 'tls-failed' },
    { code: 'asked-in-vain', detail: 'curl 99' },
  ];
  for (const why of unasked) {
    test(`a registry is not reported as silent if no request was sent: ${why.code}`, () =>
      assert.deepEqual(lead(unknown(why)), ['warning', false]));
  }
  for (const why of askedInVain) {
    test(`a registry is reported as silent if it did not answer a request: ${why.code}`, () =>
      assert.deepEqual(lead(unknown(why)), ['warning', true]));
  }
});

describe('the diagnosis’s verdict', () => {
  const [fault] = findingsOf(incidentFacts());
  const [warning] = findingsOf(withoutTries(facts));
  const off = findingsOf(factsOf({ config: known({ ...config, storageHealthCheck: false }) }));

  test('a diagnosis without findings has the verdict healthy', () => assert.equal(verdictOf([]), 'healthy'));
  test('a diagnosis with any fault has the verdict faulty', () => {
    assert.ok(fault && warning);
    assert.equal(verdictOf([warning, fault]), 'faulty');
  });
  test('a diagnosis in which something could not be checked has the verdict inconclusive', () => {
    assert.ok(warning && isInconclusive(warning.id));
    assert.equal(verdictOf([warning]), 'inconclusive');
  });
  test('a diagnosis whose only finding is a disabled health check has the verdict healthy', () => {
    assert.deepEqual(
      off.map(({ id }) => id),
      ['health-check-off'],
    );
    assert.equal(verdictOf(off), 'healthy');
  });
  for (const id of [
    'login-key-unusable',
    'host-unreachable',
    'host-key-mismatch',
    'authentication-failed',
    'sudo-refused',
    'probe-timed-out',
    'guard-mismatch',
    'guard-refused',
    'probe-malformed',
  ] as const) {
    test(`a diagnosis with the finding ${id} has the verdict inconclusive`, () => {
      const finding = Finding.parse(connectionFinding(id, { code: 'too-long' }));
      assert.equal(verdictOf([finding]), 'inconclusive');
    });
  }
});
