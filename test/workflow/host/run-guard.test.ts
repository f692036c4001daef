import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import type { NoAnswer } from '../../../src/model/connection/no-answer.ts';
import { ChannelId } from '../../../src/model/record/ids.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import { askGuardVersion } from '../../../src/workflow/host/ask-guard-version.ts';
import { askRegistry } from '../../../src/workflow/host/ask-registry.ts';
import { diagnoseHost } from '../../../src/workflow/host/diagnose-host.ts';
import { applyOn } from '../../../src/workflow/host/plan-on-host.ts';
import { type GuardRun, runGuard, whyNoAnswer } from '../../../src/workflow/host/run-guard.ts';
import type { Clock } from '../../../src/workflow/ports/bot.ts';
import type { RemoteHost, RemoteOutcome } from '../../../src/workflow/ports/host.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { samplePlan } from '../../host/sample-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { exited } from '../exited.ts';

const HOST: HostSettings = hostSettings({});
const LIMITS = { timeoutMs: 1_000, maxOutputBytes: 1_000 };

const hostThat = (outcome: RemoteOutcome): RemoteHost => ({ run: async () => outcome });

function runOn(outcome: RemoteOutcome): Promise<GuardRun> {
  return runGuard(hostThat(outcome), HOST, (nonce) => `request ${nonce}`, LIMITS);
}

function said(stderr: string, stdout = '') {
  return { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), truncated: false };
}

const GUARD_SAID = 'registry-doctor guard: open-directory /opt\n';

const NOT_REFUSED_BY_GUARD: Readonly<Record<string, RemoteOutcome>> = {
  'with another status': exited(1, GUARD_SAID),
  'after it had begun to answer': exited(78, GUARD_SAID, '0 registry-doctor/1 apply'),
  'in words that are not its own': exited(78, 'sh: bad substitution\n'),
  'with control bytes in its words': exited(78, 'registry-doctor guard: \u001b[2J\n'),
  'because it timed out': { kind: 'timed-out', timeoutMs: 1_000, output: said(GUARD_SAID) },
};

async function refusedOn(outcome: RemoteOutcome) {
  const run = await runOn(outcome);
  return run.kind === 'guard-refused' ? run : assert.fail(run.kind);
}

describe('a refusal by the guard', () => {
  test('a guard that refuses to run because others can change its path counts as not having read the plan', async () => {
    const run = await refusedOn(exited(78, GUARD_SAID));
    const why = { code: 'open-directory', path: '/opt' };
    assert.deepEqual(whyNoAnswer(run), { code: 'guard-refused', why });
  });
  test('a guard that finds no awk on its host counts as not having read the plan, and is not taken for a forced one', async () => {
    const outcome = exited(69, 'registry-doctor guard: tool-missing awk\n');
    assert.deepEqual(whyNoAnswer(await refusedOn(outcome)), {
      code: 'guard-refused',
      why: { code: 'tool-missing', tool: 'awk' },
    });
    const { diagnosis } = await diagnoseHost({ remote: hostThat(outcome), clock: CLOCK }, HOST);
    assert.equal(diagnosis.findings[0]?.id, 'guard-refused');
  });
  for (const [how, outcome] of Object.entries(NOT_REFUSED_BY_GUARD)) {
    test(`a guard that ended ${how} counts as possibly having read the plan`, async () => {
      assert.notEqual((await runOn(outcome)).kind, 'guard-refused');
    });
  }
});

const CLOCK: Clock = { now: () => new Date(0), sleep: async () => {} };

/** What each caller makes of one run: the four places that run the guard. */
async function allFour(outcome: RemoteOutcome) {
  const remote = hostThat(outcome);
  const { diagnosis } = await diagnoseHost({ remote, clock: CLOCK }, HOST);
  const context = {
    ...{ remote, clock: CLOCK, log: createLog('silent'), signer: null },
    store: { transact: () => assert.fail('a host without a guard is sent no signatures') },
    directory: { isMember: () => assert.fail(), isFullMember: () => assert.fail() },
    metrics: UNMEASURED,
    signatures: { check: () => assert.fail() },
    settings: {
      hosts: new Map(),
      defaultPolicy: policyWith({}),
      incidentChannel: ChannelId.parse('C1'),
      fleetLook: null,
      quiet: quietWith(),
    },
  };
  const applied = await applyOn(context, HOST, samplePlan());
  const registry = await askRegistry(remote, HOST);
  return {
    diagnosis: diagnosis.findings.map(({ id }) => id),
    version: (await askGuardVersion(remote, HOST)).kind,
    registry: { wasAsked: registry.wasAsked, why: registry.why },
    applied: { kind: applied.kind, why: 'why' in applied ? applied.why : null },
  };
}

const TOO_MUCH = { code: 'no-answer', why: { code: 'too-long' } };
const REFUSED = {
  code: 'no-answer',
  why: { code: 'sudo-refused', problem: 'not-allowed', said: 'sudo: a password is required' },
};

test('diagnosis, guard check, health check and plan execution all reject a guard’s answer that was cut off', async () => {
  const cut: RemoteOutcome = { kind: 'exited', exitCode: 0, output: { ...said('', 'frame'), truncated: true } };
  assert.deepEqual(await allFour(cut), {
    diagnosis: ['probe-malformed'],
    version: 'no-end',
    registry: { wasAsked: false, why: TOO_MUCH },
    applied: { kind: 'unknown', why: TOO_MUCH },
  });
});

test('diagnosis, guard check, health check and plan execution all recognize that sudo refused', async () => {
  assert.deepEqual(await allFour(exited(1, 'sudo: a password is required\n')), {
    diagnosis: ['sudo-refused'],
    version: 'sudo-refused',
    registry: { wasAsked: false, why: REFUSED },
    applied: { kind: 'not-accepted', why: REFUSED },
  });
});

test('diagnosis, guard check, health check and plan execution all reject the answer of a guard that ended with an error status', async () => {
  const why = { code: 'no-answer', why: { code: 'guard-failed', exitCode: 3, said: '' } };
  assert.deepEqual(await allFour(exited(3, '')), {
    diagnosis: ['probe-malformed'],
    version: 'other',
    registry: { wasAsked: false, why },
    applied: { kind: 'unknown', why },
  });
});

const GUARDED: HostSettings = { ...HOST, guard: { path: '/opt/rd/guard', approverSignature: 'never' } };
const NOT_INSTALLED = 'sh: 1: exec: /opt/rd/guard: not found';

const MISMATCHES: readonly (readonly [string, HostSettings, RemoteOutcome, NoAnswer])[] = [
  [
    'that the SSH key is forced to a guard that the config does not name',
    HOST,
    exited(64, 'registry-doctor guard: request-foreign-byte\n'),
    { code: 'guard-not-expected' },
  ],
  [
    'that the guard named in the config is not installed',
    GUARDED,
    exited(127, `${NOT_INSTALLED}\n`),
    { code: 'guard-not-installed', path: '/opt/rd/guard', said: NOT_INSTALLED },
  ],
  [
    'that sudo does not allow the guard named in the config',
    GUARDED,
    exited(1, 'sudo: a password is required\n'),
    { code: 'guard-not-installed', path: '/opt/rd/guard', said: 'sudo: a password is required' },
  ],
];

for (const [what, host, outcome, why] of MISMATCHES) {
  test(`a diagnosis reports ${what}`, async () => {
    const { diagnosis } = await diagnoseHost({ remote: hostThat(outcome), clock: CLOCK }, host);
    const [finding] = diagnosis.findings;
    assert.ok(finding?.id === 'guard-mismatch', finding?.id);
    assert.deepEqual(finding.why, why);
  });
}
