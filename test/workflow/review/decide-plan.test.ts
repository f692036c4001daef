import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { createLog } from '../../../src/log.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { ChannelId, PlanId, TeamId, UserId } from '../../../src/model/record/ids.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import { sealPlan } from '../../../src/record/plan-seal.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import type { OpenedStore } from '../../../src/store/opened-store.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import { supersedeOpenPlans } from '../../../src/workflow/plan/end-plan.ts';
import { expirePlansUntil } from '../../../src/workflow/plan/expire-plans.ts';
import type { MemberAnswer } from '../../../src/workflow/ports/people.ts';
import { postPlanCard } from '../../../src/workflow/record/messages.ts';
import { appendAct } from '../../../src/workflow/record/record-act.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

/** Deciding on plans, over the real store; only time and Slack's answers about people are the test's own. */

const team = TeamId.parse('T1');
const alice = { team, user: UserId.parse('UALICE') };
const bob = { team, user: UserId.parse('UBOB') };
const carol = { team, user: UserId.parse('UCAROL') };
const channel = ChannelId.parse('C1');
const host = hostSettings({});
const MINUTE_MS = 60_000;

describe('deciding on a plan', () => {
  let directory: string;
  let opened: OpenedStore;
  let now: Date;
  let member: MemberAnswer;
  let policy: Policy;
  let plan: Plan;

  const clock = { now: () => now, sleep: async () => {} };
  const context = (): WorkflowContext => ({
    store: opened.store,
    clock,
    log: createLog('silent'),
    settings: {
      hosts: new Map([[host.name, { ...host, policy }]]),
      defaultPolicy: policyWith(),
      incidentChannel: ChannelId.parse('CINCIDENTS'),
      fleetLook: null,
      quiet: quietWith(),
    },
    directory: { isMember: async () => member, isFullMember: async () => member },
    signer: null,
    metrics: UNMEASURED,
    signatures: { check: async () => ({ kind: 'cannot-verify', why: { code: 'no-ssh-keygen' } }) },
    remote: {
      run: async () => {
        throw new Error('no decision touches a host');
      },
    },
  });
  const decide = async (by: typeof bob, verdict: 'approved' | 'rejected', planIdText: string = plan.id) => {
    const reason = verdict === 'rejected' ? { reason: 'not tonight' } : {};
    const request = { planIdText, planHash: plan.hash, verdict, by, channel, ...reason };
    const { outcome, approved } = await decidePlan(context(), request);
    const said = outcome.kind === 'answer' ? outcome.answer.kind : outcome.kind;
    return { said, runs: approved !== null };
  };
  const state = () => opened.store.transact(async (tx) => (await tx.plan(plan.id))?.state);
  const execution = () => opened.store.transact((tx) => tx.execution(plan.id));

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'rd-deciding-'));
    now = new Date('2026-11-23T14:02:00Z');
    member = { kind: 'yes' };
    policy = policyWith({ approvers: { users: [alice.user, bob.user], groups: [] } });
    opened = await openSqliteStore(`sqlite:${directory}/test.db`, { clock });
    plan = await opened.store.transact(async (tx) => {
      const openedBy = { kind: 'slack-user', ...alice } as const;
      const { incident } = await openIncident(tx, { host: host.name, channel, openedBy, requestKey: 'r1', now });
      const draft = judgeFacts(incidentFacts()).plan;
      assert.ok(draft);
      const id = await tx.nextPlanId(incident.id);
      const sealed = sealPlan(draft, {
        id,
        incidentId: incident.id,
        requestedBy: openedBy,
        now,
        ttlMinutes: 15,
        nonce: 'f'.repeat(32),
        requesterSalt: 'e'.repeat(32),
      });
      await tx.insertPlan(sealed);
      await postPlanCard(tx, sealed, 1, await appendAct(tx, sealed, { act: 'plan-proposed', actor: openedBy, now }));
      return sealed;
    });
  });
  afterEach(async () => {
    await opened.close();
    rmSync(directory, { recursive: true });
  });

  test('an approval and the intent to run are on record before anything runs', async () => {
    assert.deepEqual(await decide(bob, 'approved'), { said: 'accepted', runs: true });
    assert.equal(await state(), 'approved');
    assert.equal((await execution())?.outcome, null);
    const acts = (await opened.auditTrail.list({})).map(({ act }) => act);
    assert.deepEqual(acts, ['incident-opened', 'plan-proposed', 'plan-approved', 'execution-intended']);
  });

  test('an approval is judged by the config at the moment it is recorded, not by the one when it was clicked', async () => {
    const before = context();
    policy = policyWith({ approvers: { users: [alice.user], groups: [] } });
    const after = context();
    let current = before;
    const directory = {
      ...before.directory,
      isFullMember: async () => {
        current = after;
        return member;
      },
    };
    const reloaded: WorkflowContext = {
      ...before,
      directory,
      get settings() {
        return current.settings;
      },
    };
    const request = { planIdText: plan.id, planHash: plan.hash, verdict: 'approved', by: bob, channel } as const;
    const { outcome, approved } = await decidePlan(reloaded, request);
    assert.equal(outcome.kind === 'answer' && outcome.answer.kind, 'may-not-decide');
    assert.equal(approved, null);
    assert.equal(await state(), 'proposed');
  });

  test('a second approval of an approved plan runs nothing', async () => {
    await decide(bob, 'approved');
    assert.deepEqual(await decide(bob, 'approved'), { said: 'plan-not-open', runs: false });
  });

  test('a thousand simultaneous approvals run a plan once', async () => {
    const all = await Promise.all(Array.from({ length: 1000 }, () => decide(bob, 'approved')));
    assert.equal(all.filter(({ runs }) => runs).length, 1);
  });

  test('of a simultaneous approval and rejection exactly one counts, and the other person is told', async () => {
    const [first, second] = await Promise.all([decide(bob, 'rejected'), decide(bob, 'approved')]);
    assert.deepEqual([first.said, second.said].sort(), ['accepted', 'plan-not-open']);
    assert.equal(await state(), first.said === 'accepted' ? 'rejected' : 'approved');
  });

  test('a plan can be approved until the moment of its expiry, and not from then on', async () => {
    now = new Date(now.getTime() + 15 * MINUTE_MS);
    assert.deepEqual(await decide(bob, 'approved'), { said: 'plan-not-open', runs: false });
    assert.equal(await state(), 'expired');
    assert.equal(await execution(), null);
  });

  test('a plan expires on its own, even if no one clicks', async () => {
    now = new Date(now.getTime() + 15 * MINUTE_MS);
    const stop = new AbortController();
    const once = { ...clock, sleep: async () => stop.abort() };
    await expirePlansUntil(stop.signal, { ...context(), clock: once });
    assert.equal(await state(), 'expired');
    const card = await opened.store.transact((tx) => tx.message(`plan:${plan.id}`));
    assert.equal(card?.body.kind === 'plan' && card.body.state, 'expired');
  });

  test('a plan that was replaced by a newer one can no longer run', async () => {
    await opened.store.transact((tx) => supersedeOpenPlans(tx, plan.host, now, { code: 'newer-diagnosis' }));
    assert.deepEqual(await decide(bob, 'approved'), { said: 'plan-not-open', runs: false });
  });

  test('the requester, people who are not listed, and people whom Slack can’t identify can’t decide on a plan', async () => {
    assert.deepEqual(await decide(alice, 'approved'), { said: 'own-plan', runs: false });
    assert.deepEqual(await decide(carol, 'approved'), { said: 'may-not-decide', runs: false });
    member = { kind: 'unknown', why: { kind: 'no-answer', why: { code: 'failed', said: 'Slack is away' } } };
    assert.deepEqual(await decide(bob, 'approved'), { said: 'cannot-check-person', runs: false });
    member = { kind: 'no' };
    assert.deepEqual(await decide(bob, 'approved'), { said: 'may-not-decide', runs: false });
    assert.equal(await state(), 'proposed');
  });

  test('no one can decide on a plan in a channel that the policy does not name', async () => {
    policy = { ...policy, channels: [ChannelId.parse('COPS')] };
    for (const verdict of ['approved', 'rejected'] as const) {
      assert.deepEqual(await decide(bob, verdict), { said: 'wrong-channel', runs: false });
    }
    assert.equal(await state(), 'proposed');
    policy = { ...policy, channels: [channel] };
    assert.deepEqual(await decide(bob, 'approved'), { said: 'accepted', runs: true });
  });

  test('a pasted signature is stored in the normalized format that the host reads', async () => {
    const looked = { kind: 'well-made', fingerprint: 'SHA256:bob', signature: 'as a host takes it' } as const;
    const signing = { ...context(), signatures: { check: async () => looked } };
    const request = {
      planIdText: plan.id,
      planHash: plan.hash,
      verdict: 'approved',
      by: bob,
      channel,
      signature: 'as it was pasted',
    } as const;
    assert.equal((await decidePlan(signing, request)).outcome.kind, 'accepted');
    const [decision] = await opened.store.transact((tx) => tx.decisions(plan.id));
    assert.equal(decision?.signature, 'as a host takes it');
  });

  test('only people who can decide on a plan are told that its host is no longer in the config', async () => {
    const { settings, ...others } = context();
    const answerTo = async (by: typeof bob) => {
      const forgetful = { ...others, settings: { ...settings, hosts: new Map(), defaultPolicy: policy } };
      const { outcome } = await decidePlan(forgetful, {
        planIdText: plan.id,
        planHash: plan.hash,
        verdict: 'approved',
        by,
        channel,
      });
      return outcome.kind === 'answer' ? outcome.answer.kind : outcome.kind;
    };
    assert.equal(await answerTo(carol), 'may-not-decide');
    assert.equal(await answerTo(bob), 'unknown-host');
  });

  test('a click that carries no plan hash is answered as a click on an outdated card, and decides nothing', async () => {
    for (const verdict of ['approved', 'rejected'] as const) {
      const request = { planIdText: plan.id, planHash: null, verdict, by: bob, channel, reason: 'not tonight' };
      assert.deepEqual(await decidePlan(context(), request), {
        outcome: { kind: 'answer', answer: { kind: 'other-plan', planId: plan.id } },
        approved: null,
      });
    }
    assert.equal(await state(), 'proposed');
    assert.deepEqual(await opened.store.transact((tx) => tx.decisions(plan.id)), []);
  });

  test('a click with an invalid plan id is answered with that reason', async () => {
    for (const text of ['', '9-9', '1-1; rm', '1-1\n', PlanId.parse('77-1')]) {
      assert.deepEqual(
        await decide(bob, 'approved', text),
        { said: 'plan-unknown', runs: false },
        JSON.stringify(text),
      );
    }
  });
});
