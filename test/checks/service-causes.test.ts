import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAccess } from '../../src/access/judge-access.ts';
import { runChecks } from '../../src/checks/index.ts';
import { verdictOf } from '../../src/checks/verdict.ts';
import { absent, known, unknown } from '../../src/model/fact.ts';
import type { Facts, RegistryConfig } from '../../src/model/facts.ts';
import type { LogComplaint, RegistryLogs } from '../../src/model/registry-logs.ts';
import type { Listener, ServiceState, Supervision, TokenTrust } from '../../src/model/service-state.ts';
import { factsOf, hostPath, processOf } from '../support/facts-builder.ts';
import { incidentFacts } from '../support/incident-facts.ts';

/** The causes that no mode of a directory explains: told by the registry's log, its service manager, its port and its keys. */

const NOW = 1_760_000_000;
const REFUSED = unknown('connection refused');
const DOWN = { process: absent, v2: REFUSED, health: REFUSED } as const;
const IDS = [
  'port-taken',
  'database-unreachable',
  'lock-file',
  'object-storage-failing',
  'token-certificate-mismatch',
  'clock-skew',
  'maintenance-mode',
  'restart-loop',
  'service-not-running',
  'registry-not-answering',
  'registry-unwell',
  'identity-unknown',
  'redis-unreachable',
  'pushes-failed',
  'untraversable-ancestor',
];

const answer = (status: number, body = '') => known({ url: 'http://127.0.0.1:5000/v2/', status, body });

function complaint(
  kind: LogComplaint,
  more: Partial<RegistryLogs['complaints'][number]> = {},
): RegistryLogs['complaints'][number] {
  return {
    complaint: kind,
    count: 1,
    firstAt: NOW - 60,
    lastAt: NOW - 60,
    words: `filesystem: words of ${kind}`,
    path: null,
    sinceStart: true,
    sinceGoodStorage: true,
    ...more,
  };
}

function aborts(kind: LogComplaint | null, more: Partial<NonNullable<RegistryLogs['aborts']>> = {}) {
  const words = `last words of ${kind}`;
  return {
    count: 5,
    firstAt: NOW - 60,
    lastAt: NOW - 2,
    complaint: kind,
    words,
    path: null,
    sinceStart: true,
    ...more,
  };
}

function logs(complaints: RegistryLogs['complaints'], ended: RegistryLogs['aborts'] = null): Pick<Facts, 'logs'> {
  return {
    logs: known({
      files: [{ name: 'current', bytes: 1000, cut: false }],
      from: NOW - 3600,
      to: NOW,
      countByStatus: {},
      firstBadOfLastRun: null,
      firstBad: null,
      lastBad: null,
      lastGoodStorage: null,
      lastGood: null,
      complaints,
      aborts: ended,
      unreadLines: 0,
    }),
  };
}

function service(of: Partial<ServiceState>): Pick<Facts, 'service'> {
  const why = unknown('not looked at');
  return { service: known({ supervision: why, listeners: why, tokenTrust: why, clockSynchronised: why, ...of }) };
}

function supervised(state: Supervision['state'], more: Partial<Supervision> = {}): Partial<ServiceState> {
  const base = {
    manager: 'systemd',
    unit: 'docker-registry.service',
    restarts: known(0),
    since: known(NOW - 5),
  } as const;
  return { supervision: known({ ...base, state, ...more }) };
}

function listening(...listeners: Partial<Listener>[]): Partial<ServiceState> {
  return { listeners: known(listeners.map((one) => ({ port: 5000, pid: 99, command: 'nginx', ...one }))) };
}

function trusting(of: Partial<TokenTrust>): Partial<ServiceState> {
  const trust = {
    certificatePath: '/r.crt',
    certificateKeyDigest: known('aa'),
    notBefore: known(0),
    notAfter: known(NOW * 2),
    signingKeyPath: known('/g.key'),
    signingKeyDigest: known('aa'),
  } as const;
  return { tokenTrust: known({ ...trust, ...of }) };
}

function configured(of: Partial<RegistryConfig>): Pick<Facts, 'config'> {
  const { config } = factsOf();
  return { config: known({ ...(config.state === 'known' ? config.value : assert.fail()), ...of }) };
}

/** A registry whose storage is a bucket. */
const IN_S3 = { ...configured({ storageDriver: 's3', rootDirectory: null }), storageRoot: absent, nodes: [] };

type Row = { readonly name: string; readonly facts: Facts; readonly findings: readonly string[] };

const ROWS: readonly Row[] = [
  {
    name: 'port taken: another process listens, and no registry runs',
    facts: factsOf({ ...DOWN, ...service(listening({})), v2: answer(404, '<html>') }),
    findings: ['fault port-taken', 'info identity-unknown', 'info registry-unwell'],
  },
  {
    name: 'port taken: the log says so, and who it is is not seen',
    facts: factsOf({ ...DOWN, ...logs([complaint('port-taken')]) }),
    findings: ['fault port-taken', 'info service-not-running'],
  },
  {
    name: 'port taken: the loop over it is its consequence',
    facts: factsOf({
      ...DOWN,
      ...service({ ...listening({}), ...supervised('restarting') }),
      ...logs([complaint('port-taken')], aborts('port-taken')),
    }),
    findings: ['fault port-taken', 'info restart-loop', 'info service-not-running'],
  },
  {
    name: 'port taken: a second registry answers well in its place, and the log of this one says so',
    facts: factsOf({
      process: absent,
      ...service(listening({ command: 'registry' })),
      ...logs([complaint('port-taken')]),
    }),
    findings: ['fault port-taken', 'info identity-unknown'],
  },
  {
    name: 'port taken: not while what answers there speaks as a registry, and no log is read',
    facts: factsOf({ process: absent, ...service(listening({ command: 'docker-proxy' })) }),
    findings: ['warning identity-unknown'],
  },
  {
    name: 'port taken: by a process that stays silent',
    facts: factsOf({ ...DOWN, ...service(listening({})) }),
    findings: ['fault port-taken', 'info service-not-running'],
  },
  {
    name: 'port taken: by a process that speaks something else',
    facts: factsOf({ ...DOWN, v2: unknown('not an HTTP answer'), ...service(listening({})) }),
    findings: ['fault port-taken', 'info service-not-running'],
  },
  {
    name: 'port taken: by a server that knows no such page, and shows none',
    facts: factsOf({ process: absent, v2: answer(404), ...service(listening({})) }),
    findings: ['fault port-taken', 'info identity-unknown', 'info registry-unwell'],
  },
  {
    name: 'port taken: unknown, where nothing could be asked',
    facts: factsOf({ ...DOWN, v2: unknown('no curl, wget or bash on this host'), ...service(listening({})) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'port taken: not by the registry itself',
    facts: factsOf({ process: known(processOf({ pid: 4711 })), ...service(listening({ pid: 4711 }, { pid: 99 })) }),
    findings: [],
  },
  {
    name: 'port taken: not when the registry has begun to listen since',
    facts: factsOf(logs([complaint('port-taken', { sinceStart: false })])),
    findings: [],
  },
  {
    name: 'port taken: not by a word of long ago',
    facts: factsOf({ ...DOWN, ...logs([complaint('port-taken', { lastAt: NOW - 86_400 })]) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'port taken: unknown whose socket it is',
    facts: factsOf({ ...DOWN, ...service(listening({ pid: null })) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'port taken: unknown which process is the registry',
    facts: factsOf({ process: unknown('not permitted'), ...service(listening({})) }),
    findings: ['warning identity-unknown'],
  },
  {
    name: 'a restart loop that systemd tells of',
    facts: factsOf({ ...DOWN, ...service(supervised('restarting', { restarts: known(41) })) }),
    findings: ['fault restart-loop', 'info service-not-running'],
  },
  {
    name: 'a restart loop by the number of restarts of a young process',
    facts: factsOf({ v2: REFUSED, ...service(supervised('running', { restarts: known(9) })) }),
    findings: ['fault restart-loop', 'info registry-not-answering'],
  },
  {
    name: 'no restart loop: many restarts, and well for an hour',
    facts: factsOf(service(supervised('running', { restarts: known(9), since: known(NOW - 3600) }))),
    findings: [],
  },
  {
    name: 'a restart loop that the log tells of under runit, which counts nothing',
    facts: factsOf({
      ...DOWN,
      ...service(supervised('running', { manager: 'runit', restarts: absent })),
      ...logs([], aborts('bad-config')),
    }),
    findings: ['fault restart-loop', 'info service-not-running'],
  },
  {
    name: 'no restart loop: it ended twice, and somebody stopped it',
    facts: factsOf({ ...DOWN, ...service(supervised('stopped')), ...logs([], aborts('bad-config')) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'no restart loop: ends of which the time is not known',
    facts: factsOf({ ...DOWN, ...logs([], aborts('bad-config', { lastAt: null })) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'no restart loop: the process has been up for long',
    facts: factsOf({
      process: known(processOf({ startedAt: known(NOW - 3600) })),
      ...logs([], aborts('bad-config')),
    }),
    findings: [],
  },
  {
    name: 'a closed ancestor ends a registry with a database: the directory first, then what follows from it',
    facts: {
      ...incidentFacts(),
      ...DOWN,
      takenAt: NOW,
      ...configured({ database: true }),
      ...service(supervised('restarting')),
      ...logs(
        [
          complaint('permission-denied'),
          complaint('lock-file', { words: 'could not check if database metadata is locked' }),
        ],
        aborts('permission-denied'),
      ),
    },
    findings: [
      'fault untraversable-ancestor',
      'fault untraversable-ancestor',
      'info lock-file',
      'info restart-loop',
      'info service-not-running',
      'info pushes-failed',
    ],
  },
  {
    name: 'a closed ancestor does not explain a registry that ends over its config',
    facts: {
      ...incidentFacts(),
      ...DOWN,
      takenAt: NOW,
      ...service(supervised('restarting')),
      ...logs([], aborts('bad-config')),
    },
    findings: [
      'fault untraversable-ancestor',
      'fault untraversable-ancestor',
      'fault restart-loop',
      'info service-not-running',
    ],
  },
  {
    name: 'the database keeps the registry from starting',
    facts: factsOf({
      ...DOWN,
      ...service(supervised('restarting')),
      ...logs([complaint('database')], aborts('database')),
    }),
    findings: ['fault database-unreachable', 'info restart-loop', 'info service-not-running'],
  },
  {
    name: 'the database by the health check',
    facts: factsOf({
      v2: answer(503, '{"errors":[{"code":"UNAVAILABLE"}]}'),
      health: answer(503, '{"database_connection":"dial tcp: connection refused"}'),
    }),
    findings: ['fault database-unreachable', 'info registry-unwell'],
  },
  {
    name: 'the database by the log, while /v2/ stays green',
    facts: factsOf(logs([complaint('database')])),
    findings: ['warning database-unreachable'],
  },
  {
    name: 'no database trouble: an image was served since',
    facts: factsOf(logs([complaint('database', { sinceGoodStorage: false })])),
    findings: [],
  },
  {
    name: 'a lock file keeps the registry from starting',
    facts: factsOf({
      ...DOWN,
      ...service(supervised('restarting')),
      ...logs([complaint('lock-file')], aborts('lock-file')),
    }),
    findings: ['fault lock-file', 'info restart-loop', 'info service-not-running'],
  },
  { name: 'no lock file: the registry answers', facts: factsOf(logs([complaint('lock-file')])), findings: [] },
  {
    name: 'redis is down, and the registry goes on',
    facts: factsOf(logs([complaint('redis', { sinceStart: false, sinceGoodStorage: false })])),
    findings: ['warning redis-unreachable'],
  },
  {
    name: 'redis was down yesterday',
    facts: factsOf(logs([complaint('redis', { lastAt: NOW - 86_400 })])),
    findings: [],
  },
  {
    name: 'object storage refuses, by the health check',
    facts: {
      ...factsOf({ v2: answer(503), health: answer(503, '{"storagedriver_s3":"s3aws: AccessDenied"}') }),
      ...IN_S3,
    },
    findings: ['fault object-storage-failing', 'info registry-unwell'],
  },
  {
    name: 'object storage refuses, by the log alone',
    facts: { ...factsOf(logs([complaint('object-storage')])), ...IN_S3 },
    findings: ['warning object-storage-failing'],
  },
  {
    name: 'no object storage: its words in the log of a registry on disk',
    facts: factsOf(logs([complaint('object-storage')])),
    findings: [],
  },
  {
    name: 'object storage: a log that was not read says nothing',
    facts: { ...factsOf(), ...IN_S3 },
    findings: [],
  },
  {
    name: 'the certificate is of another key',
    facts: factsOf(service(trusting({ signingKeyDigest: known('bb') }))),
    findings: ['fault token-certificate-mismatch'],
  },
  {
    name: 'the certificate fits: a foreign token in the log is nobody’s fault',
    facts: factsOf({ ...service(trusting({})), ...logs([complaint('token-certificate')]) }),
    findings: [],
  },
  {
    name: 'the key is not known, and the log complains: unproven',
    facts: factsOf({
      ...service(trusting({ signingKeyDigest: unknown('not permitted') })),
      ...logs([complaint('token-certificate')]),
    }),
    findings: ['warning token-certificate-mismatch'],
  },
  {
    name: 'the key is not known, and nobody complains',
    facts: factsOf(service(trusting({ signingKeyDigest: unknown('not permitted') }))),
    findings: [],
  },
  {
    name: 'no token authentication',
    facts: factsOf({ ...service({ tokenTrust: absent }), ...logs([complaint('token-certificate')]) }),
    findings: [],
  },
  {
    name: 'the clock is off',
    facts: factsOf({ clockAheadSeconds: known(-7200) }),
    findings: ['warning clock-skew'],
  },
  {
    name: 'the clock is off, and tokens are refused for it',
    facts: factsOf({
      clockAheadSeconds: known(7200),
      ...logs([complaint('token-time', { words: 'token not to be used after 2026' })]),
    }),
    findings: ['fault clock-skew'],
  },
  {
    name: 'tokens come from the future',
    facts: factsOf(logs([complaint('token-time', { words: 'token not to be used before 2026' })])),
    findings: ['fault clock-skew'],
  },
  {
    name: 'an expired token alone is a slow client',
    facts: factsOf(logs([complaint('token-time', { words: 'token not to be used after 2026' })])),
    findings: [],
  },
  { name: 'clocks within a minute', facts: factsOf({ clockAheadSeconds: known(60) }), findings: [] },
  {
    name: 'a clock that was not compared',
    facts: factsOf({ clockAheadSeconds: unknown('saved facts') }),
    findings: [],
  },
  {
    name: 'read-only maintenance',
    facts: factsOf({ ...configured({ readOnlyMaintenance: true }), ...logs([complaint('maintenance', { count: 4 })]) }),
    findings: ['fault maintenance-mode'],
  },
  {
    name: 'no maintenance: a 405 in the log of a registry whose config says no',
    facts: factsOf(logs([complaint('maintenance')])),
    findings: [],
  },
  {
    name: 'maintenance: a config that was not read',
    facts: factsOf({ config: unknown('not permitted') }),
    findings: [],
  },
  {
    name: 'pushes failed a minute ago, and all that was tried now is allowed',
    facts: factsOf(logs([complaint('no-space', { lastAt: NOW - 300 }), complaint('permission-denied')])),
    findings: ['warning pushes-failed'],
  },
  {
    name: 'the health check failed a minute ago, and the registry is well now',
    facts: factsOf(
      logs([
        complaint('permission-denied', {
          words: 'storage driver health check: filesystem: stat /r: permission denied',
        }),
      ]),
    ),
    findings: [],
  },
  {
    name: 'another file than the storage was refused',
    facts: factsOf(logs([complaint('permission-denied', { words: 'open /etc/x.crt: permission denied' })])),
    findings: [],
  },
  {
    name: 'pushes failed, and then an image was pushed',
    facts: factsOf(logs([complaint('permission-denied', { sinceGoodStorage: false })])),
    findings: [],
  },
  {
    name: 'pushes failed for a reason that is found',
    facts: { ...incidentFacts(), takenAt: NOW, ...logs([complaint('permission-denied')]) },
    findings: [
      'fault untraversable-ancestor',
      'fault untraversable-ancestor',
      'info registry-unwell',
      'info pushes-failed',
    ],
  },
];

function linesOf(facts: Facts): string[] {
  return runChecks(judgeAccess(facts))
    .filter(({ id }) => IDS.includes(id))
    .map(({ severity, id }) => `${severity} ${id}`);
}

describe('causes beside the storage', () => {
  for (const { name, facts, findings } of ROWS) {
    test(name, () => assert.deepEqual(linesOf(facts), findings));
  }

  test('the newest words of the storage are told, with the path', () => {
    const path = hostPath('/srv/r/docker');
    const facts = factsOf(
      logs([complaint('no-space', { lastAt: NOW - 300 }), { ...complaint('permission-denied'), path: path }]),
    );
    const finding = runChecks(judgeAccess(facts)).find(({ id }) => id === 'pushes-failed');
    assert.partialDeepStrictEqual(finding, { complaint: 'permission-denied', path });
  });

  test('a registry in maintenance is not called healthy, one without its redis is', () => {
    const verdict = (facts: Facts) => verdictOf(runChecks(judgeAccess(facts)).filter(({ id }) => IDS.includes(id)));
    assert.equal(verdict(factsOf(configured({ readOnlyMaintenance: true }))), 'faulty');
    assert.equal(verdict(factsOf(logs([complaint('redis')]))), 'healthy');
  });
});
