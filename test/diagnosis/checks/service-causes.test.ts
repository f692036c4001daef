import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { verdictOf } from '../../../src/diagnosis/checks/verdict.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import type { Facts, RegistryConfig } from '../../../src/model/host/facts.ts';
import type { HostEvent } from '../../../src/model/host/history.ts';
import type { FailedRequests, LogComplaint, RegistryLogs } from '../../../src/model/host/registry-logs.ts';
import type { Listener, ServiceState, Supervision, TokenTrust } from '../../../src/model/host/service-state.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import { contentsOf } from '../../support/facts/contents-builder.ts';
import { dir, factsOf, hostPath, missing, processOf } from '../../support/facts/facts-builder.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';
import { usedFile } from '../../support/facts/used-path.ts';

/** The causes that no mode of a directory explains: told by the registry's log, its service manager, its port and its keys. */

const NOW = 1_760_000_000;
const REFUSED = unknown('connection-refused');
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
  'pulls-failed',
  'address-unavailable',
  'port-not-permitted',
  'config-invalid',
  'upstream-unreachable',
  'out-of-memory',
  'redis-refuses-writes',
  'storage-empty',
  'storage-root-unknown',
  'no-plan-can-run',
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
    method: null,
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
      failedPushes: null,
      failedPulls: null,
      requestMinutes: absent,
      aborts: ended,
      unreadLines: 0,
    }),
  };
}

function service(of: Partial<ServiceState>): Pick<Facts, 'service'> {
  const why = unknown('not-looked-at');
  return {
    service: known({
      supervision: why,
      listeners: why,
      tokenTrust: why,
      memoryKills: why,
      unprivilegedPorts: why,
      clockSynchronised: why,
      ...of,
    }),
  };
}

function supervised(state: Supervision['state'], more: Partial<Supervision> = {}): Partial<ServiceState> {
  const base = {
    manager: 'systemd',
    unit: 'docker-registry.service',
    restarts: known(0),
    since: known(NOW - 5),
    result: null,
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

/** Down, over what its last words and its complaint say. */
function ended(kind: LogComplaint, words: string): Parameters<typeof factsOf>[0] {
  return { ...DOWN, ...logs([complaint(kind, { words })], aborts(kind, { words, lastAt: null })) };
}

function configLines(...keys: readonly (readonly [line: number, key: string])[]): Facts['configFile'] {
  return known({ keys: keys.map(([line, key]) => ({ line, key })), syntax: null });
}

const WORDS_OF = {
  address: 'listen tcp 10.9.9.9:5000: bind: cannot assign requested address',
  port: 'listen tcp :80: bind: permission denied',
  drivers: 'panic: multiple storage drivers specified in configuration or environment: filesystem, s3',
  upstream: 'panic: Get "https://redacted@m.example/v2/": dial tcp: lookup m.example: no such host',
  redis: "response completed with error: OOM command not allowed when used memory > 'maxmemory'.",
};

function failedRequest(more: Partial<FailedRequests> = {}): FailedRequests {
  const last = { at: NOW - 60, method: 'POST', path: '/v2/a/blobs/uploads/', status: 500 };
  return { count: 2, last, words: null, complaint: null, path: null, ...more };
}

/** A log in which requests failed. */
function failing(of: Partial<RegistryLogs>, complaints: RegistryLogs['complaints'] = []): Pick<Facts, 'logs'> {
  const { logs: fact } = logs(complaints);
  return { logs: known({ ...(fact.state === 'known' ? fact.value : assert.fail()), ...of }) };
}

function history(...events: readonly Partial<HostEvent>[]): Pick<Facts, 'history'> {
  const base = {
    at: NOW - 30,
    kind: 'memory-kill',
    text: 'kernel: Out of memory: Killed process 9 (registry)',
    path: null,
    source: 'journal',
  } as const;
  return { history: known({ events: events.map((event) => ({ ...base, ...event })), sources: [], files: [] }) };
}

/** A stopped registry whose config file was looked for in an Omnibus GitLab, and not found; with these nodes. */
function soughtInOmnibus(...nodes: Facts['nodes']): Facts {
  const paths = [usedFile('config', '/var/opt/gitlab/registry/config.yml')];
  return { ...factsOf({ ...DOWN, paths }), config: absent, storageRoot: absent, nodes };
}

type Row = { readonly name: string; readonly facts: Facts; readonly findings: readonly string[] };

const ROWS: readonly Row[] = [
  {
    name: 'port taken: another process listens, and no registry runs',
    facts: factsOf({ ...DOWN, ...service(listening({})), v2: answer(404, '<html>') }),
    findings: ['fault port-taken', 'info identity-unknown', 'info registry-unwell'],
  },
  {
    name: 'port taken: the log says so, and the holder is not visible',
    facts: factsOf({ ...DOWN, ...logs([complaint('port-taken')]) }),
    findings: ['fault port-taken', 'info service-not-running'],
  },
  {
    name: 'port taken: the restart loop is a consequence',
    facts: factsOf({
      ...DOWN,
      ...service({ ...listening({}), ...supervised('restarting') }),
      ...logs([complaint('port-taken')], aborts('port-taken')),
    }),
    findings: ['fault port-taken', 'info restart-loop', 'info service-not-running'],
  },
  {
    name: 'port taken: a second registry answers in its place, and this one’s log says so',
    facts: factsOf({
      process: absent,
      ...service(listening({ command: 'registry' })),
      ...logs([complaint('port-taken')]),
    }),
    findings: ['fault port-taken', 'info identity-unknown'],
  },
  {
    name: 'port taken: not while a registry answers there and no log is read',
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
    facts: factsOf({ ...DOWN, v2: unknown('not-http'), ...service(listening({})) }),
    findings: ['fault port-taken', 'info service-not-running'],
  },
  {
    name: 'port taken: by a server without such a page',
    facts: factsOf({ process: absent, v2: answer(404), ...service(listening({})) }),
    findings: ['fault port-taken', 'info identity-unknown', 'info registry-unwell'],
  },
  {
    name: 'port taken: unknown if nothing could be asked',
    facts: factsOf({ ...DOWN, v2: unknown('no-tool-to-ask'), ...service(listening({})) }),
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
    name: 'port taken: not because of an old log line',
    facts: factsOf({ ...DOWN, ...logs([complaint('port-taken', { lastAt: NOW - 86_400 })]) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'port taken: the socket’s owner is unknown',
    facts: factsOf({ ...DOWN, ...service(listening({ pid: null })) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'port taken: unknown which process is the registry',
    facts: factsOf({ process: unknown('not-permitted'), ...service(listening({})) }),
    findings: ['warning identity-unknown'],
  },
  {
    name: 'a restart loop that systemd reports',
    facts: factsOf({ ...DOWN, ...service(supervised('restarting', { restarts: known(41) })) }),
    findings: ['fault restart-loop', 'info service-not-running'],
  },
  {
    name: 'a restart loop by the number of restarts of a young process',
    facts: factsOf({ v2: REFUSED, ...service(supervised('running', { restarts: known(9) })) }),
    findings: ['fault restart-loop', 'info registry-not-answering'],
  },
  {
    name: 'no restart loop: many restarts, then up for an hour',
    facts: factsOf(service(supervised('running', { restarts: known(9), since: known(NOW - 3600) }))),
    findings: [],
  },
  {
    name: 'a restart loop in the log under runit, which counts nothing',
    facts: factsOf({
      ...DOWN,
      ...service(supervised('running', { manager: 'runit', restarts: absent })),
      ...logs([], aborts('bad-config')),
    }),
    findings: ['fault restart-loop', 'info service-not-running'],
  },
  {
    name: 'no restart loop: the registry ended twice and was stopped',
    facts: factsOf({ ...DOWN, ...service(supervised('stopped')), ...logs([], aborts('bad-config')) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'no restart loop: the times of the ends are unknown',
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
    name: 'a closed ancestor does not explain a registry that ends because of its config',
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
    name: 'redis is down, and the registry continues without it',
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
    name: 'no object storage fault: the same message in the log of a registry on disk',
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
    name: 'the certificate belongs to the key, so a foreign token in the log is no fault',
    facts: factsOf({ ...service(trusting({})), ...logs([complaint('token-certificate')]) }),
    findings: [],
  },
  {
    name: 'the key is unknown, and the log complains: unproven',
    facts: factsOf({
      ...service(trusting({ signingKeyDigest: unknown('not-permitted') })),
      ...logs([complaint('token-certificate')]),
    }),
    findings: ['warning token-certificate-mismatch'],
  },
  {
    name: 'the key is unknown, and there is no complaint',
    facts: factsOf(service(trusting({ signingKeyDigest: unknown('not-permitted') }))),
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
    name: 'tokens that are not valid yet',
    facts: factsOf(logs([complaint('token-time', { words: 'token not to be used before 2026' })])),
    findings: ['fault clock-skew'],
  },
  {
    name: 'only an expired token is a slow client',
    facts: factsOf(logs([complaint('token-time', { words: 'token not to be used after 2026' })])),
    findings: [],
  },
  { name: 'clocks within a minute', facts: factsOf({ clockAheadSeconds: known(60) }), findings: [] },
  {
    name: 'a clock that was not compared',
    facts: factsOf({ clockAheadSeconds: unknown('not-asked') }),
    findings: [],
  },
  {
    name: 'read-only maintenance',
    facts: factsOf({ ...configured({ readOnlyMaintenance: true }), ...logs([complaint('maintenance', { count: 4 })]) }),
    findings: ['fault maintenance-mode'],
  },
  {
    name: 'no maintenance mode: a 405 in the log of a registry whose config has it off',
    facts: factsOf(logs([complaint('maintenance')])),
    findings: [],
  },
  {
    name: 'maintenance: a config that was not read',
    facts: factsOf({ config: unknown('not-permitted') }),
    findings: [],
  },
  {
    name: 'pushes failed a minute ago, and all that was tested now is allowed',
    facts: factsOf(logs([complaint('no-space', { lastAt: NOW - 300 }), complaint('permission-denied')])),
    findings: ['warning pushes-failed'],
  },
  {
    name: 'the storage refused a push a minute ago',
    facts: factsOf(logs([complaint('permission-denied', { method: 'PATCH' })])),
    findings: ['warning pushes-failed'],
  },
  {
    name: 'the storage refused a list of tags a minute ago: that is no push',
    facts: factsOf(logs([complaint('permission-denied', { method: 'GET' })])),
    findings: ['warning pulls-failed'],
  },
  {
    name: 'the storage refused to show whether it has something a minute ago: that is no push',
    facts: factsOf(logs([complaint('permission-denied', { method: 'HEAD' })])),
    findings: ['warning pulls-failed'],
  },
  {
    name: 'the storage refused a list of tags, and then an image was pulled',
    facts: factsOf(logs([complaint('permission-denied', { method: 'GET', sinceGoodStorage: false })])),
    findings: [],
  },
  {
    name: 'the health check failed a minute ago, and the registry is healthy now',
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
    name: 'access to another file than the storage was denied',
    facts: factsOf(logs([complaint('permission-denied', { words: 'open /etc/x.crt: permission denied' })])),
    findings: [],
  },
  {
    name: 'pushes failed, and then an image was pushed',
    facts: factsOf(logs([complaint('permission-denied', { sinceGoodStorage: false })])),
    findings: [],
  },
  {
    name: 'an address that the host does not have is the first finding, and the rest are consequences',
    facts: factsOf({ ...ended('address-unavailable', WORDS_OF.address), ...service(supervised('restarting')) }),
    findings: ['fault address-unavailable', 'info restart-loop', 'info service-not-running'],
  },
  {
    name: 'no such address: the registry answers',
    facts: factsOf(logs([complaint('address-unavailable', { words: WORDS_OF.address })])),
    findings: [],
  },
  {
    name: 'no such address: unknown, where no log was read',
    facts: factsOf({ ...DOWN, logs: unknown('not-permitted') }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'a port that needs a capability',
    facts: factsOf(ended('port-not-permitted', WORDS_OF.port)),
    findings: ['fault port-not-permitted', 'info service-not-running'],
  },
  {
    name: 'a port that needed a capability yesterday',
    facts: factsOf({
      ...DOWN,
      ...logs([complaint('port-not-permitted', { words: WORDS_OF.port, lastAt: NOW - 86_400 })]),
    }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'invalid config: two storage drivers, by the registry’s message',
    facts: factsOf(ended('bad-config', WORDS_OF.drivers)),
    findings: ['fault config-invalid', 'info service-not-running'],
  },
  {
    name: 'invalid config: two storage drivers, by the file alone',
    facts: factsOf({
      ...DOWN,
      configFile: configLines([2, 'storage.filesystem'], [4, 'storage.s3'], [5, 'storage.delete']),
    }),
    findings: ['fault config-invalid', 'info service-not-running'],
  },
  {
    name: 'one storage driver besides an invalid one',
    facts: factsOf({ ...DOWN, configFile: configLines([2, 'storage.filesystem'], [5, 'storage.delete']) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'invalid config: YAML that no parser accepts, by the file alone',
    facts: factsOf({
      ...DOWN,
      config: unknown('not-yaml'),
      configFile: known({ keys: [], syntax: { line: 3, what: 'tab' } }),
    }),
    findings: ['fault config-invalid', 'info service-not-running'],
  },
  {
    name: 'no invalid config: the registry serves, whatever the file says now',
    facts: factsOf({
      configFile: known({ keys: [], syntax: { line: 3, what: 'tab' } }),
      ...logs([complaint('bad-config')]),
    }),
    findings: [],
  },
  {
    name: 'an upstream that does not answer ends a pull-through cache',
    facts: factsOf({ ...ended('upstream', WORDS_OF.upstream), ...configured({ pullThrough: true }) }),
    findings: ['fault upstream-unreachable', 'info service-not-running'],
  },
  {
    name: 'an upstream that is gone later',
    facts: factsOf({
      ...logs([complaint('upstream', { words: WORDS_OF.upstream })]),
      ...configured({ pullThrough: true }),
    }),
    findings: ['warning upstream-unreachable'],
  },
  {
    name: 'no upstream fault: the same message in the log of a registry that is no cache',
    facts: factsOf(logs([complaint('upstream', { words: WORDS_OF.upstream })])),
    findings: [],
  },
  {
    name: 'out of memory by its own last words',
    facts: factsOf(ended('out-of-memory', 'fatal error: runtime: out of memory')),
    findings: ['fault out-of-memory', 'info service-not-running'],
  },
  {
    name: 'killed for memory, by systemd',
    facts: factsOf({ ...DOWN, ...service(supervised('failed', { result: 'oom-kill' })) }),
    findings: ['fault out-of-memory', 'info service-not-running'],
  },
  {
    name: 'killed for memory repeatedly, by the kernel’s log',
    facts: factsOf({ ...DOWN, ...service(supervised('restarting')), ...history({}) }),
    findings: ['fault out-of-memory', 'info restart-loop', 'info service-not-running'],
  },
  {
    name: 'killed for memory, by its control group',
    facts: factsOf({ ...DOWN, ...service({ memoryKills: known(2) }) }),
    findings: ['fault out-of-memory', 'info service-not-running'],
  },
  {
    name: 'killed for memory a moment ago, and it runs again',
    facts: factsOf(history({})),
    findings: ['warning out-of-memory'],
  },
  {
    name: 'killed for memory yesterday, and it is down now for another reason',
    facts: factsOf({ ...DOWN, ...history({ at: NOW - 86_400 }), ...service({ memoryKills: known(0) }) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'only a signal is not a memory shortage',
    facts: factsOf({ ...DOWN, ...service(supervised('failed', { result: 'signal' })) }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'redis refuses writes, and pushes fail because of it',
    facts: factsOf(
      failing({ failedPushes: failedRequest({ words: WORDS_OF.redis, complaint: 'redis-refuses' }) }, [
        complaint('redis-refuses', { words: WORDS_OF.redis }),
      ]),
    ),
    findings: ['fault redis-refuses-writes', 'info pushes-failed'],
  },
  {
    name: 'redis refuses the login, and the registry continues without it',
    facts: factsOf(logs([complaint('redis-refuses', { words: 'redis: error connecting: WRONGPASS invalid' })])),
    findings: ['warning redis-refuses-writes'],
  },
  {
    name: 'redis refused writes yesterday',
    facts: factsOf(logs([complaint('redis-refuses', { lastAt: NOW - 86_400 })])),
    findings: [],
  },
  {
    name: 'pushes failed, and nothing explains it',
    facts: factsOf(failing({ failedPushes: failedRequest() })),
    findings: ['warning pushes-failed'],
  },
  {
    name: 'no process, and no Omnibus GitLab where the config expects one',
    facts: soughtInOmnibus(missing('/var/opt/gitlab')),
    findings: ['warning storage-root-unknown'],
  },
  {
    name: 'no process, no account and no Omnibus GitLab where the config expects one',
    facts: { ...soughtInOmnibus(missing('/var/opt')), account: absent },
    findings: ['warning storage-root-unknown'],
  },
  {
    name: 'no process in an Omnibus GitLab without the registry’s config',
    facts: soughtInOmnibus(dir('/var/opt/gitlab'), missing('/var/opt/gitlab/registry')),
    findings: ['fault service-not-running', 'warning storage-root-unknown'],
  },
  {
    name: 'two registries, and the settings name the config of neither: who runs them is not told beside it',
    facts: {
      ...factsOf({ ...DOWN, paths: [usedFile('config', '/etc/docker/registry/third.yml')] }),
      ...{ config: absent, storageRoot: absent, nodes: [], v2: unknown('address-unknown') },
      process: unknown({ code: 'none-with-config', detail: '2 /etc/a.yml /etc/b.yml' }),
    },
    findings: ['warning storage-root-unknown', 'warning registry-not-answering'],
  },
  {
    name: 'no plan can run: a registry that is otherwise healthy is told with a warning',
    facts: { ...factsOf({}), plansRefused: { code: 'no-flock' } },
    findings: ['warning no-plan-can-run'],
  },
  {
    name: 'pulls failed, and nothing explains it',
    facts: factsOf(failing({ failedPulls: failedRequest() })),
    findings: ['warning pulls-failed'],
  },
  {
    name: 'pulls failed at the storage: reported once',
    facts: factsOf(
      failing(
        {
          failedPulls: failedRequest({
            words: 'filesystem: words of permission-denied',
            complaint: 'permission-denied',
          }),
        },
        [complaint('permission-denied')],
      ),
    ),
    findings: ['warning pulls-failed'],
  },
  {
    name: 'requests that failed an hour ago',
    facts: factsOf(failing({ failedPushes: failedRequest({ last: { ...failedRequest().last, at: NOW - 3600 } }) })),
    findings: [],
  },
  {
    name: 'a push failed at a directory whose mode was changed since',
    facts: factsOf({
      ...failing({ failedPushes: failedRequest({ complaint: 'permission-denied', path: hostPath('/srv/r/docker') }) }),
      storageRoot: '/srv/r',
      nodes: [{ ...dir('/srv/r'), changedAt: NOW - 10, modifiedAt: known(NOW - 900) }],
    }),
    findings: [],
  },
  {
    name: 'a push failed, and an entry came or went since: that fixes nothing',
    facts: factsOf({
      ...failing({ failedPushes: failedRequest({ complaint: 'permission-denied', path: hostPath('/srv/r/docker') }) }),
      storageRoot: '/srv/r',
      nodes: [{ ...dir('/srv/r'), changedAt: NOW - 10, modifiedAt: known(NOW - 10) }],
    }),
    findings: ['warning pushes-failed'],
  },
  {
    name: 'a push failed deep in the storage, and the mode of its root was changed since: that fixes nothing',
    facts: factsOf({
      ...failing({
        failedPushes: failedRequest({
          complaint: 'permission-denied',
          path: hostPath('/srv/r/docker/registry/v2/blobs/x'),
        }),
      }),
      storageRoot: '/srv/r',
      nodes: [{ ...dir('/srv/r'), changedAt: NOW - 10, modifiedAt: known(NOW - 900) }],
    }),
    findings: ['warning pushes-failed'],
  },
  {
    name: 'an empty storage of a registry that never started is not reported',
    facts: factsOf({ ...ended('bad-config', WORDS_OF.drivers), contents: known(contentsOf({ repositories: 0 })) }),
    findings: ['fault config-invalid', 'info service-not-running'],
  },
  {
    name: 'an empty storage of a registry that serves requests is reported',
    facts: factsOf({ contents: known(contentsOf({ repositories: 0 })) }),
    findings: ['info storage-empty'],
  },
  {
    name: 'a missing token certificate is not reported as a wrong one',
    facts: factsOf({
      ...DOWN,
      ...service(trusting({ certificateKeyDigest: unknown('is-a-directory') })),
      ...logs([complaint('token-certificate')]),
    }),
    findings: ['fault service-not-running'],
  },
  {
    name: 'a token certificate that could not be compared, and tokens are refused',
    facts: factsOf({
      ...service(trusting({ certificateKeyDigest: unknown({ code: 'missing-on-host', detail: 'openssl' }) })),
      ...logs([complaint('token-certificate')]),
    }),
    findings: ['warning token-certificate-mismatch'],
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
  return allFindings(facts)
    .filter(({ id }) => IDS.includes(id))
    .map(({ severity, id }) => `${severity} ${id}`);
}

describe('causes other than the storage', () => {
  for (const { name, facts, findings } of ROWS) {
    test(`a cause other than the storage is reported only if it applies: ${name}`, () =>
      assert.deepEqual(linesOf(facts), findings));
  }

  test('the newest storage error in the registry’s log is reported with its path', () => {
    const path = hostPath('/srv/r/docker');
    const facts = factsOf(
      logs([complaint('no-space', { lastAt: NOW - 300 }), { ...complaint('permission-denied'), path: path }]),
    );
    const finding = allFindings(facts).find(({ id }) => id === 'pushes-failed');
    assert.partialDeepStrictEqual(finding, { complaint: 'permission-denied', path });
  });

  test('the finding about a taken port names the key, line or variable that sets the address', () => {
    const told = (words: string, of: Partial<RegistryConfig> = {}) => {
      const facts = factsOf({
        ...ended('address-unavailable', words),
        ...configured(of),
        configFile: configLines([6, 'http.addr'], [9, 'http.debug.addr']),
      });
      const finding = allFindings(facts).find(({ id }) => id === 'address-unavailable');
      return finding?.id === 'address-unavailable'
        ? [finding.address, finding.key ?? finding.variable, finding.line]
        : [];
    };
    assert.deepEqual(told(WORDS_OF.address), ['10.9.9.9:5000', 'http.addr', 6]);
    assert.deepEqual(told(`error listening on debug interface: ${WORDS_OF.address.replace('5000', '5001')}`), [
      '10.9.9.9:5001',
      'http.debug.addr',
      9,
    ]);
    assert.deepEqual(told(WORDS_OF.address.replace('5000', '7000')), ['10.9.9.9:7000', 'REGISTRY_HTTP_ADDR', null]);
    assert.deepEqual(told(WORDS_OF.address, { httpAddress: null }), ['10.9.9.9:5000', 'http.addr', 6]);
  });

  test('the finding about a taken debug port calls it the debug port', () => {
    const words = 'error listening on debug interface: listen tcp 127.0.0.1:5001: bind: address already in use';
    const facts = factsOf({
      ...ended('port-taken', words),
      ...service(listening({ port: 5000, command: 'nginx' }, { port: 5001, pid: 77, command: 'node' })),
      configFile: configLines([9, 'http.debug.addr']),
    });
    assert.partialDeepStrictEqual(allFindings(facts)[0], {
      id: 'port-taken',
      port: 5001,
      pid: 77,
      command: 'node',
      key: 'http.debug.addr',
      line: 9,
    });
  });

  const PROBLEMS: readonly (readonly [words: string, told: object])[] = [
    [
      WORDS_OF.drivers,
      {
        problem: 'several-drivers',
        key: 'storage',
        line: 3,
        named: [
          { name: 'filesystem', line: 4 },
          { name: 's3', line: null },
        ],
      },
    ],
    [
      'configuration error: error parsing /c: must provide exactly one storage type. Provided: [filesystem inmemory]',
      {
        problem: 'several-drivers',
        named: [
          { name: 'filesystem', line: 4 },
          { name: 'inmemory', line: null },
        ],
      },
    ],
    ['configuration error: error parsing /c: no storage configuration provided', { problem: 'no-driver', line: 3 }],
    [
      'panic: StorageDriver not registered: s3x',
      { problem: 'unknown-driver', key: 'storage.s3x', named: [{ name: 's3x', line: null }] },
    ],
    [
      'panic: unable to configure authorization (foo): no access controller registered with name: foo',
      { problem: 'unknown-auth', key: 'auth.foo', line: 11 },
    ],
    [
      'panic: unable to configure authorization (foo): "path" must be set',
      { problem: 'auth-setting', key: 'auth.foo', line: 11 },
    ],
    [
      'configuration error: error parsing /c: must provide exactly one type. Provided: [foo token]',
      { problem: 'several-kinds', key: 'auth' },
    ],
    ['panic: no region parameter provided', { problem: 'driver-setting', key: 'storage' }],
    [
      'configuration error: error parsing /c: yaml: line 7: found character that cannot start any token',
      { problem: 'syntax', line: 7 },
    ],
    [
      'configuration error: error parsing /c: yaml: unmarshal errors: line 6: cannot unmarshal !!seq into string',
      { problem: 'value', line: 6 },
    ],
    ['configuration error: error parsing /c: unsupported version: "0.9"', { problem: 'version' }],
    ['listen tcp: address foo: missing port in address', { problem: 'address', key: 'http.addr' }],
    ['configuration error: error parsing /c: invalid loglevel foo', { problem: 'other' }],
  ];
  for (const [words, told] of PROBLEMS) {
    test(`a config file that the registry rejected is reported with the problem: ${words}`, () => {
      const lines = configLines([3, 'storage'], [4, 'storage.filesystem'], [11, 'auth.foo']);
      const facts = factsOf({ ...ended('bad-config', words), configFile: lines });
      assert.partialDeepStrictEqual(allFindings(facts)[0], { id: 'config-invalid', ...told });
    });
  }

  test('the finding about an unreachable upstream shows its URL without credentials', () => {
    const facts = factsOf({ ...ended('upstream', WORDS_OF.upstream), ...configured({ pullThrough: true }) });
    assert.partialDeepStrictEqual(allFindings(facts)[0], { upstream: 'https://m.example' });
  });

  test('a registry that fails for an unknown reason is never called healthy', () => {
    const verdict = (of: Partial<RegistryLogs>) => verdictOf(allFindings(factsOf(failing(of))));
    assert.equal(verdict({ failedPushes: failedRequest() }), 'inconclusive');
    assert.equal(verdict({ failedPulls: failedRequest() }), 'inconclusive');
    assert.equal(verdict({}), 'healthy');
  });

  test('a registry in maintenance mode is not called healthy, and a registry without its redis is', () => {
    const verdict = (facts: Facts) => verdictOf(allFindings(facts).filter(({ id }) => IDS.includes(id)));
    assert.equal(verdict(factsOf(configured({ readOnlyMaintenance: true }))), 'faulty');
    assert.equal(verdict(factsOf(logs([complaint('redis')]))), 'healthy');
  });
});
