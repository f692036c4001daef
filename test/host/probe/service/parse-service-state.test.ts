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
  return read('systemd 100.00', 'unit Id=r.service', 'unit LoadState=loaded', ...lines.map((line) => `unit ${line}`))
    .supervision;
}

describe('systemd', () => {
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
    test(`${active} (${sub}) is ${state}`, () => {
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

  test('before version 235 counts no restarts, and may not tell since when', () => {
    const seen = unit('ActiveState=active', 'SubState=running', 'StateChangeTimestampMonotonic=0');
    assert.partialDeepStrictEqual(seen, { value: { restarts: absent, since: unknown('systemd does not tell') } });
  });

  test('that knows no such unit', () => {
    const { supervision } = read('systemd 1.0', 'unit LoadState=not-found', 'unit ', 'unit LoadState=masked');
    assert.deepEqual(supervision, unknown('no unit of systemd that I know runs the registry'));
  });
});

describe('a listener', () => {
  const seen = (addresses: string, ...listeners: readonly string[]) =>
    read(`listeners ${addresses}`, ...listeners.map((line) => `listener ${line}`)).listeners;
  const one = known([{ port: 5000, pid: 17, command: 'nginx: master' }]);

  test('on the very address, on any, and on one that is not told apart', () => {
    assert.deepEqual(seen('127.0.0.1:5000 -', '0100007F 1388 17 nginx: master'), one);
    assert.deepEqual(seen('127.0.0.1:5000 -', '00000000 1388 17 nginx: master'), one);
    assert.deepEqual(seen('127.0.0.1:5000 -', `${'0'.repeat(32)} 1388 17 nginx: master`), one);
    assert.deepEqual(seen('[::1]:5000 -', `${'0'.repeat(24)}01000000 1388 17 nginx: master`), one);
    assert.deepEqual(seen(':5000 -', '0200A8C0 1388 17 nginx: master'), one);
    assert.deepEqual(seen('- :5000', '0200A8C0 1388 17 nginx: master'), one);
  });

  test('that is in nobody’s way, or unreadable', () => {
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

  test('whose process was not found', () => {
    assert.deepEqual(seen(':5000 -', '00000000 1388 - '), known([{ port: 5000, pid: null, command: null }]));
  });

  test('that could not be looked for', () => {
    assert.deepEqual(read('listeners-unknown not permitted').listeners, unknown('not permitted'));
    assert.deepEqual(read('').listeners, unknown('the host gave no reason'));
  });
});

describe('the trust in tokens', () => {
  const dates = ['trust-notBefore Nov  4 04:04:09 2026 GMT', 'trust-notAfter Dec 24 04:04:09 2026 GMT'];
  const trust = (...lines: readonly string[]) => {
    const { tokenTrust } = read('trust certificate /a b.crt', ...lines);
    return tokenTrust.state === 'known' ? tokenTrust.value : assert.fail();
  };

  test('is of a certificate with its dates', () => {
    assert.deepEqual(trust(...dates, `trust-certificate ${A}`), {
      certificatePath: '/a b.crt',
      certificateKeyDigest: known(A),
      notBefore: known(Date.UTC(2026, 10, 4, 4, 4, 9) / 1000),
      notAfter: known(Date.UTC(2026, 11, 24, 4, 4, 9) / 1000),
      signingKeyPath: absent,
      signingKeyDigest: unknown('who signs the tokens is not known on this host'),
    });
  });

  test('takes of several the one that fits the key', () => {
    const both = trust(`trust-certificate ${A}`, `trust-certificate ${B}`, 'trust-key-path /k', `trust-key ${B}`);
    assert.deepEqual([both.certificateKeyDigest, both.signingKeyDigest], [known(B), known(B)]);
  });

  test('is unknown without openssl, and for what is no key', () => {
    const none = trust('trust-unknown no openssl on this host');
    assert.deepEqual(none.certificateKeyDigest, unknown('no openssl on this host'));
    const unread = trust('trust-certificate ', 'trust-key-path /k', 'trust-key short');
    assert.deepEqual(unread.certificateKeyDigest, unknown('its key cannot be read'));
    assert.deepEqual(unread.signingKeyDigest, unknown('it is no private key'));
    assert.deepEqual(trust(`trust-certificate ${A}`).notAfter, unknown('its date cannot be read'));
  });

  test('is absent where no token is asked for', () => {
    assert.deepEqual(read('trust - no token certificate is configured').tokenTrust, absent);
    assert.deepEqual(read('trust - its path cannot be read').tokenTrust, unknown('its path cannot be read'));
  });
});

describe('the clock', () => {
  const ROWS = [
    ['timesync yes', known(true)],
    ['adjtimex 64', known(false)],
    ['adjtimex 8257', known(false)],
    ['adjtimex 8193', known(true)],
    ['chronyc Normal', known(true)],
    ['chronyc Not synchronised', known(false)],
    ['timedatectl yes', known(true)],
    ['timedatectl no', known(false)],
    ['- nothing on this host tells', unknown('nothing on this host tells')],
  ] as const;
  for (const [said, fact] of ROWS) test(said, () => assert.deepEqual(read(`clock ${said}`).clockSynchronised, fact));

  for (const said of ['adjtimex ', 'adjtimex x', 'chronyc ', 'timedatectl maybe', 'sundial noon', '']) {
    test(`is unknown after "${said}"`, () => assert.equal(read(`clock ${said}`).clockSynchronised.state, 'unknown'));
  }
});

describe('memory and ports', () => {
  const stateOf = (text: string) => {
    const parsed = parseServiceState(Buffer.from(text), 1_760_000_000);
    return parsed.state === 'known' ? parsed.value : assert.fail();
  };

  test('how often the kernel killed for memory, and from which port on no capability is needed', () => {
    const { memoryKills, unprivilegedPorts } = stateOf('oom-kills 3\nunprivileged-ports 1024\n');
    assert.deepEqual([memoryKills, unprivilegedPorts], [known(3), known(1024)]);
    assert.equal(stateOf('oom-kills x\n').memoryKills.state, 'unknown');
  });

  test('how systemd says that it ended', () => {
    const unit =
      'systemd 100\nunit Id=r.service\nunit LoadState=loaded\nunit ActiveState=failed\nunit Result=oom-kill\n';
    assert.partialDeepStrictEqual(stateOf(unit).supervision, { value: { state: 'failed', result: 'oom-kill' } });
  });
});

describe('a kill because memory ran out, in the host’s log', () => {
  const ROWS: readonly (readonly [message: string, isOurs: boolean])[] = [
    ['kernel: [12.3] Memory cgroup out of memory: Killed process 9 (docker-registry) total-vm:1kB', true],
    ['kernel: Out of memory: Killed process 9 (registry) total-vm:1kB', true],
    ['kernel: Out of memory: Killed process 9 (mysqld) total-vm:1kB', false],
    ['systemd[1]: docker-registry.service: A process of this unit has been killed by the OOM killer.', true],
  ];
  for (const [message, isOurs] of ROWS) {
    test(message, () =>
      assert.deepEqual(
        logMessageEvents(`git01 ${message}`).map(({ kind }) => kind),
        isOurs ? ['memory-kill'] : [],
      ),
    );
  }
});
