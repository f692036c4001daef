import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplyOutcome } from '../../src/model/plan/execution.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { Sha256 } from '../../src/model/record/ids.ts';
import {
  breakGlass,
  diagnoseAtTerminal,
  planStateNow,
  recordRefusedKey,
  runAtTerminal,
} from '../../src/workflow/break-glass.ts';
import { EXPIRED_BEFORE_RUN, endPlan } from '../../src/workflow/plan/end-plan.ts';
import type { RemoteHost, RemoteOutcome } from '../../src/workflow/ports/host.ts';
import { decidePlan } from '../../src/workflow/review/decide-plan.ts';
import { type AttackedRecord, BOB, CHANNEL, openRecord } from '../attacks/proposed-plan.ts';
import { toldOfPlan } from './exited.ts';

/** The last step before a plan runs without Slack: which plan, and what of the key is kept. */

const KEY = {
  by: { kind: 'terminal', user: 'root', breakGlass: { principal: 'ann', fingerprint: 'SHA256:x' } },
  reason: 'Slack is down',
  signature: 'over the plan, to break the glass',
  approval: null,
} as const;

test('the signature of a break-glass fix is in the audit chain', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  assert.equal(await breakGlass(record.context(), plan, KEY), null);
  const entries = await record.opened.auditTrail.list({ incidentId: plan.incidentId });
  const approved = entries.find(({ act }) => act === 'plan-approved');
  assert.equal(approved?.outcome['breakGlassSignature'], KEY.signature);
});

test('a break-glass fix does not run a plan that differs from the one it showed', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const shown = { ...plan, hash: Sha256.parse(`sha256:${'a'.repeat(64)}`) };
  assert.deepEqual(await breakGlass(record.context(), shown, KEY), {
    kind: 'record-failed',
    why: 'plan-not-as-shown',
  });
  assert.equal(await record.stateOf(plan), 'proposed');
});

const AWAY: RemoteOutcome = { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
const CUT: RemoteOutcome = {
  kind: 'no-exit-status',
  why: { code: 'ended-without-status' },
  output: { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), truncated: false },
};
const LISTENING = { stop: new AbortController().signal, onUnknown: () => {} };
const click = { by: BOB, channel: CHANNEL };

const ENDS: Readonly<Record<string, (record: AttackedRecord, plan: Plan) => Promise<unknown>>> = {
  'was rejected': (record, plan) =>
    decidePlan(record.context(), {
      planIdText: plan.id,
      planHash: plan.hash,
      verdict: 'rejected',
      reason: 'no',
      ...click,
    }),
  'was approved': (record, plan) =>
    decidePlan(record.context(), { planIdText: plan.id, planHash: plan.hash, verdict: 'approved', ...click }),
  'has expired': (record, plan) =>
    record.opened.store.transact((tx) =>
      endPlan(tx, { plan, state: 'proposed' }, 'expire', { now: new Date(), why: EXPIRED_BEFORE_RUN }),
    ),
};
for (const [what, end] of Object.entries(ENDS)) {
  test(`a refused break-glass key is on record even if the plan ${what} meanwhile, and the audit record stays intact`, async (t) => {
    const record = await openRecord(t);
    const plan = await record.propose();
    await end(record, plan);
    await recordRefusedKey(
      record.context(),
      plan,
      { kind: 'terminal', user: 'root' },
      {
        code: 'unknown-signer',
        file: '/etc/registry-doctor/break_glass',
      },
    );
    assert.ok((await record.actsOn(plan)).includes('break-glass-refused'));
    assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
    assert.notEqual(await planStateNow(record.context(), plan), 'proposed');
  });
}

test('a diagnosis at the terminal joins the open incident of its host: no second one is opened for one fault', async (t) => {
  const record = await openRecord(t);
  const shown = await record.propose();
  const context = record.context();
  const [host = assert.fail()] = context.settings.hosts.values();
  const { incident, diagnosis } = await diagnoseAtTerminal(context, host, KEY.by);
  assert.equal(incident.id, shown.incidentId);
  assert.deepEqual(
    diagnosis?.findings.map(({ id }) => id),
    ['host-unreachable'],
  );
  assert.equal(await record.stateOf(shown), 'superseded', 'it was made before this diagnosis');
  const entries = await record.opened.auditTrail.list({ incidentId: incident.id });
  const asked = entries.find(({ act }) => act === 'diagnosis-requested');
  assert.deepEqual(asked?.actor, KEY.by);
});

test('a diagnosis at the terminal takes up one that a killed bot left, and opens an incident beside a plan that runs', async (t) => {
  const record = await openRecord(t);
  const { incidentId } = await record.propose();
  const context = record.context();
  const [host = assert.fail()] = context.settings.hosts.values();
  const { store } = record.opened;
  await store.transact((tx) => tx.moveIncident(incidentId, ['open'], { state: 'diagnosing' }));
  const taken = await diagnoseAtTerminal(context, host, KEY.by);
  assert.equal(taken.incident.id, incidentId);
  assert.notEqual(taken.diagnosis, null);
  const running = await record.propose();
  await store.transact((tx) => tx.moveIncident(running.incidentId, ['open'], { state: 'executing' }));
  const beside = await diagnoseAtTerminal(context, host, KEY.by);
  assert.ok(beside.incident.id > running.incidentId);
  assert.notEqual(beside.diagnosis, null);
});

test('a break-glass fix first settles a plan that a killed bot left executing, and then runs its own', async (t) => {
  const record = await openRecord(t);
  const left = await record.propose();
  await decidePlan(record.context(), { planIdText: left.id, planHash: left.hash, verdict: 'approved', ...click });
  await record.opened.store.transact((tx) => tx.movePlan(left.id, 'approved', 'executing'));
  const plan = await record.propose();
  const asked: string[] = [];
  const remote: RemoteHost = {
    run: async (_, input) => {
      const [, about = ''] = /^plan plan (\S+)$/m.exec(input) ?? [];
      asked.push(about);
      return toldOfPlan(input, ['kind', 'refused'], ['why', 'the host says so']);
    },
  };
  const context = record.context({ remote });
  assert.equal(await breakGlass(context, plan, KEY), null);
  const { state, outcome } = await runAtTerminal(context, plan, LISTENING);
  assert.deepEqual([await record.stateOf(left), state, outcome?.kind], ['failed', 'failed', 'refused']);
  assert.deepEqual(asked, [left.id, plan.id]);
});

test('a break-glass fix says once that it lost the host, and the operator can end the wait', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const stop = new AbortController();
  let runs = 0;
  const remote: RemoteHost = { run: async () => (++runs === 1 ? CUT : AWAY) };
  const context = record.context({
    remote,
    clock: {
      now: () => new Date(),
      sleep: async () => {
        if (runs > 5) stop.abort();
      },
    },
  });
  await breakGlass(context, plan, KEY);
  const heard: string[] = [];
  const onUnknown = (_: Plan, known: ApplyOutcome) => heard.push(known.kind);
  const run = await runAtTerminal(context, plan, { stop: stop.signal, onUnknown });
  assert.deepEqual(heard, ['unknown']);
  assert.deepEqual(run, { state: 'executing', outcome: null, isWell: null });
});
