import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { logMessageEvents } from '../../../../src/host/probe/history/log-message.ts';
import { parseServiceState } from '../../../../src/host/probe/service/parse-service-state.ts';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import type { ServiceState } from '../../../../src/model/host/service-state.ts';

/** What service managers, openssl and clocks say, as the script hands it on. */

const NOW = 1_760_000_000;
const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

function read(...lines: readonly string[]): ServiceState {
  const state = parseServiceState(Buffer.from(`${lines.join('\n')}\n`), NOW);
  return state.state === 'known' ? state.value : assert.fail();
}

function unit(...lines: readonly string[]): ServiceState['supervision'] {
  return read(
    'supervision known systemd 100.00',
    'unit Id=r.service',
    'unit LoadState=loaded',
    ...lines.map((line) => `unit ${line}`),
  ).supervision;
}

describe('the registry’s state, as systemd reports it', () => {
  const ROWS = [
    ['active', 'running', 'running'],
    ['active', 'exited', 'running'],
    ['activating', 'auto-restart', 'restarting'],
    ['activating', 'auto-restart-queued', 'restarting'],
    ['activating', 'start', 'running'],
    ['deactivating', 'stop-sigterm', 'running'],
    ['inactive', 'dead', 'stopped'],
    ['failed', 'failed', 'failed'],
  ] as const;
  for (const [active, sub, state] of ROWS) {
    test(`the registry service that systemd calls ${active} (${sub}) is reported as ${state}`, () => {
      const seen = unit(
        `ActiveState=${active}`,
        `SubState=${sub}`,
        'NRestarts=5',
        'StateChangeTimestampMonotonic=40000000',
      );
      const since = known(NOW - 60);
      assert.deepEqual(
        seen,
        known({ manager: 'systemd', unit: 'r.service', state, restarts: known(5), since, result: null }),
      );
    });
  }

  test('systemd before version 235, which counts no restarts and might give no start time, is understood', () => {
    const seen = unit('ActiveState=active', 'SubState=running', 'StateChangeTimestampMonotonic=0');
    assert.partialDeepStrictEqual(seen, { value: { restarts: absent, since: unknown('systemd-silent') } });
  });

  test('the registry service’s state is unknown if systemd does not know its unit', () => {
    const { supervision } = read(
      'supervision known systemd 1.0',
      'unit LoadState=not-found',
      'unit ',
      'unit LoadState=masked',
    );
    assert.deepEqual(supervision, unknown('no-unit-known'));
  });
});

describe('the process that listens on the registry’s port', () => {
  const seen = (addresses: string, ...listeners: readonly string[]) =>
    read(`listeners known ${addresses}`, ...listeners.map((line) => `listener ${line}`)).listeners;
  const one = known([{ port: 5000, pid: 17, command: 'nginx: master' }]);

  test('a listener on the exact address, on any address, or on an unresolved one is reported as taking the registry’s port', () => {
    assert.deepEqual(seen('127.0.0.1:5000 -', '0100007F 1388 17 nginx: master'), one);
    assert.deepEqual(seen('127.0.0.1:5000 -', '00000000 1388 17 nginx: master'), one);
    assert.deepEqual(seen('127.0.0.1:5000 -', `${'0'.repeat(32)} 1388 17 nginx: master`), one);
    assert.deepEqual(seen('[::1]:5000 -', `${'0'.repeat(24)}01000000 1388 17 nginx: master`), one);
    assert.deepEqual(seen(':5000 -', '0200A8C0 1388 17 nginx: master'), one);
    assert.deepEqual(seen('- :5000', '0200A8C0 1388 17 nginx: master'), one);
  });

  test('a listener on another or an unreadable address is not reported as taking the registry’s port', () => {
    for (const line of [
      '0200007F 1388 17 x',
      '0100007F 1389 17 x',
      '0100007F 0000 17 x',
      'zz 1388 17 x',
      '0100007F 1388',
    ]) {
      assert.deepEqual(seen('127.0.0.1:5000 -', line), known([]), line);
    }
  });

  test('a listener whose process was not found is reported without a process', () => {
    assert.deepEqual(seen(':5000 -', '00000000 1388 - '), known([{ port: 5000, pid: null, command: null }]));
  });

  test('a listener that could not be searched for is reported as unknown', () => {
    assert.deepEqual(read('listeners unknown not-permitted').listeners, unknown('not-permitted'));
    assert.deepEqual(read('').listeners, unknown('not-told'));
  });
});

describe('the certificates that the registry checks tokens with', () => {
  const dates = ['trust-notBefore Nov  4 04:04:09 2026 GMT', 'trust-notAfter Dec 24 04:04:09 2026 GMT'];
  const trust = (...lines: readonly string[]) => {
    const { tokenTrust } = read('trust known /a b.crt', ...lines);
    return tokenTrust.state === 'known' ? tokenTrust.value : assert.fail();
  };

  test('a token certificate is reported with its dates', () => {
    assert.deepEqual(trust(...dates, `trust-certificate known ${A}`), {
      certificatePath: '/a b.crt',
      certificateKeyDigest: known(A),
      notBefore: known(Date.UTC(2026, 10, 4, 4, 4, 9) / 1000),
      notAfter: known(Date.UTC(2026, 11, 24, 4, 4, 9) / 1000),
      signingKeyPath: absent,
      signingKeyDigest: unknown('signer-unknown'),
    });
  });

  test('if the token bundle has several certificates, the one that matches the key is reported', () => {
    const both = trust(
      `trust-certificate known ${A}`,
      `trust-certificate known ${B}`,
      'trust-key-path known /k',
      `trust-key known ${B}`,
    );
    assert.deepEqual([both.certificateKeyDigest, both.signingKeyDigest], [known(B), known(B)]);
  });

  test('the token certificate is reported as unknown without openssl, or if the key is invalid', () => {
    const none = trust('trust-certificate unknown missing-on-host openssl');
    assert.deepEqual(none.certificateKeyDigest, unknown({ code: 'missing-on-host', detail: 'openssl' }));
    const unread = trust('trust-certificate known ', 'trust-key-path known /k', 'trust-key known short');
    assert.deepEqual(unread.certificateKeyDigest, unknown('key-unreadable'));
    assert.deepEqual(unread.signingKeyDigest, unknown('not-a-private-key'));
    assert.deepEqual(trust(`trust-certificate known ${A}`).notAfter, unknown('date-unreadable'));
  });

  test('no token certificate is reported for a registry without token authentication', () => {
    assert.deepEqual(read('trust absent').tokenTrust, absent);
    assert.deepEqual(read('trust unknown path-unreadable').tokenTrust, unknown('path-unreadable'));
  });
});

describe('the host’s clock', () => {
  const ROWS = [
    ['known timesync yes', known(true)],
    ['known adjtimex 64', known(false)],
    ['known adjtimex 8257', known(false)],
    ['known adjtimex 8193', known(true)],
    ['known chronyc Normal', known(true)],
    ['known chronyc Not synchronised', known(false)],
    ['known timedatectl yes', known(true)],
    ['known timedatectl no', known(false)],
    ['unknown nothing-tells-of-clock', unknown('nothing-tells-of-clock')],
  ] as const;
  for (const [said, fact] of ROWS)
    test(`the host’s report on its clock is read: ${said}`, () =>
      assert.deepEqual(read(`clock ${said}`).clockSynchronised, fact));

  for (const said of ['adjtimex ', 'adjtimex x', 'chronyc ', 'timedatectl maybe', 'sundial noon', '']) {
    test(`the host’s clock is reported as unknown after "${said}"`, () =>
      assert.equal(read(`clock known ${said}`).clockSynchronised.state, 'unknown'));
  }
});

describe('out-of-memory kills and low ports', () => {
  const stateOf = (text: string) => {
    const parsed = parseServiceState(Buffer.from(text), 1_760_000_000);
    return parsed.state === 'known' ? parsed.value : assert.fail();
  };

  test('the parser of the service’s state reads out-of-memory kills and the first unprivileged port', () => {
    const { memoryKills, unprivilegedPorts } = stateOf('oom-kills known 3\nunprivileged-ports known 1024\n');
    assert.deepEqual([memoryKills, unprivilegedPorts], [known(3), known(1024)]);
    assert.equal(stateOf('oom-kills known x\n').memoryKills.state, 'unknown');
  });

  test('systemd’s result says how the registry service ended', () => {
    const unit =
      'supervision known systemd 100\nunit Id=r.service\nunit LoadState=loaded\nunit ActiveState=failed\nunit Result=oom-kill\n';
    assert.partialDeepStrictEqual(stateOf(unit).supervision, { value: { state: 'failed', result: 'oom-kill' } });
  });
});

describe('an out-of-memory kill of the registry in the host’s log', () => {
  const ROWS: readonly (readonly [message: string, isOurs: boolean])[] = [
    ['kernel: [12.3] Memory cgroup out of memory: Killed process 9 (docker-registry) total-vm:1kB', true],
    ['kernel: Out of memory: Killed process 9 (registry) total-vm:1kB', true],
    ['kernel: Out of memory: Killed process 9 (mysqld) total-vm:1kB', false],
    ['systemd[1]: docker-registry.service: A process of this unit has been killed by the OOM killer.', true],
  ];
  for (const [message, isOurs] of ROWS) {
    test(`an out-of-memory kill of the registry is recognized in the host’s log: ${message}`, () =>
      assert.deepEqual(
        logMessageEvents(`git01 ${message}`).map(({ kind }) => kind),
        isOurs ? ['memory-kill'] : [],
      ));
  }
});
