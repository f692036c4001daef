import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { TeamId, UserId } from '../../../src/model/record/ids.ts';
import type { ThreadMessage } from '../../../src/model/record/messages/thread-message.ts';
import { planRecord, planSentence } from '../../../src/words/en/plan-card.ts';
import { statusProgress } from '../../../src/words/en/status.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { expirePlansUntil } from '../../../src/workflow/plan/expire-plans.ts';
import type { Directory, MemberAnswer } from '../../../src/workflow/ports/people.ts';
import type { Person } from '../../../src/workflow/requests.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { ALICE, BOB, CAROL, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';

/** Plans that several different people have to approve, over the real store. */

const DORA = { team: ALICE.team, user: UserId.parse('UDORA') };
const YES: MemberAnswer = { kind: 'yes' };

async function scene(t: TestContext, needed: number) {
  const record = await openRecord(t);
  const plan = await record.propose();
  const members = new Map<string, MemberAnswer>();
  const approvers = new Set([ALICE, BOB, CAROL, DORA].map(({ user }) => user));
  const directory: Directory = {
    isMember: async () => ({ kind: 'no' }),
    isFullMember: async ({ user }) => members.get(user) ?? YES,
  };
  const context = () => {
    const people = { users: [...approvers], groups: [] };
    const policy = policyWith({ approvers: people, approvalsNeeded: { low: needed, high: needed } });
    const host = { ...hostSettings({}), policy };
    const settings = {
      hosts: new Map([[host.name, host]]),
      defaultPolicy: policyWith(),
      incidentChannel: CHANNEL,
      fleetLook: null,
      quiet: quietWith(),
    };
    return record.context({ directory, settings });
  };
  const decide = async (by: Person, verdict: 'approved' | 'rejected' = 'approved') => {
    const reason = verdict === 'rejected' ? { reason: 'not tonight' } : {};
    const request = { planIdText: plan.id, planHash: plan.hash, verdict, by, channel: CHANNEL, ...reason };
    const { outcome, approved } = await decidePlan(context(), request);
    return `${outcome.kind === 'answer' ? outcome.answer.kind : outcome.kind}${approved ? ', runs' : ''}`;
  };
  const transact = record.opened.store.transact.bind(record.opened.store);
  return {
    ...{ record, plan, decide, context, approvers, members },
    card: () => transact((tx) => tx.message(`plan:${plan.id}`)).then((message) => planCardOf(message?.body)),
    status: () => transact((tx) => tx.message(`status:${plan.incidentId}`)).then((message) => statusOf(message?.body)),
    decisions: () => transact((tx) => tx.decisions(plan.id)),
    execution: () => transact((tx) => tx.execution(plan.id)),
  };
}

function planCardOf(body: ThreadMessage | undefined) {
  return body?.kind === 'plan' ? body : assert.fail();
}

function statusOf(body: ThreadMessage | undefined) {
  return body?.kind === 'status' ? body : assert.fail();
}

const users = (decisions: readonly { readonly by: unknown }[]) => decisions.map(({ by }) => by);

test('the second of two required approvals runs the plan; until then the plan is open and says who is missing', async (t) => {
  const { record, plan, decide, card, status, decisions, execution } = await scene(t, 2);
  assert.equal(await decide(BOB), 'accepted');
  assert.equal(await record.stateOf(plan), 'proposed');
  assert.equal(await execution(), null);
  assert.match(plainText(planSentence(await card())), /1 of 2 approvals: UBOB\. 1 more needed\./);
  assert.match(plainText(statusProgress({ ...(await status()), stage: 'done' })), /Review: 1 of 2 approvals/);
  assert.equal(await decide(CAROL), 'accepted, runs');
  assert.equal(await record.stateOf(plan), 'approved');
  assert.match(plainText(planRecord(await card())), /^Approved by UBOB and UCAROL at /);
  assert.deepEqual(await record.actsOn(plan), [
    'plan-proposed',
    'plan-endorsed',
    'plan-approved',
    'execution-intended',
  ]);
  for (const { planHash } of await decisions()) assert.equal(planHash, plan.hash);
});

test('a second approval by the same person, also from another team, does not count', async (t) => {
  const { record, plan, decide, decisions } = await scene(t, 2);
  await decide(BOB);
  const before = await record.actsOn(plan);
  assert.equal(await decide(BOB), 'approved-before');
  assert.equal(await decide({ ...BOB, team: TeamId.parse('T2') }), 'approved-before');
  assert.deepEqual(await record.actsOn(plan), before);
  assert.equal((await decisions()).length, 1);
});

test('the requester does not count as one of the required approvers', async (t) => {
  const { record, plan, decide } = await scene(t, 2);
  await decide(BOB);
  assert.equal(await decide(ALICE), 'own-plan');
  assert.equal(await record.stateOf(plan), 'proposed');
});

test('one rejection ends a plan, even by someone who had approved it, and voids its approvals', async (t) => {
  for (const rejecting of [CAROL, BOB]) {
    const { record, plan, decide, card } = await scene(t, 2);
    await decide(BOB);
    assert.equal(await decide(rejecting, 'rejected'), 'accepted');
    assert.equal(await decide(DORA), 'plan-not-open');
    assert.equal(await record.stateOf(plan), 'rejected');
    const told = plainText(planRecord(await card()));
    assert.match(told, new RegExp(`^Rejected by ${rejecting.user} at .* It had 1 of 2 approvals: UBOB\\.$`));
  }
});

test('an approval no longer counts if its approver is no longer one, or Slack can’t confirm it', async (t) => {
  const { record, plan, decide, approvers, members } = await scene(t, 2);
  await decide(BOB);
  const before = await record.actsOn(plan);
  approvers.delete(BOB.user);
  assert.equal(await decide(CAROL), 'earlier-approval-lapsed');
  approvers.add(BOB.user);
  for (const kind of ['no', 'unknown'] as const) {
    members.set(
      BOB.user,
      kind === 'no' ? { kind } : { kind, why: { kind: 'no-answer', why: { code: 'failed', said: 'Slack is away' } } },
    );
    assert.equal(await decide(CAROL), 'earlier-approval-lapsed');
  }
  assert.deepEqual(await record.actsOn(plan), before);
  members.delete(BOB.user);
  assert.equal(await decide(CAROL), 'accepted, runs');
});

test('of many simultaneous approvals exactly as many as needed are accepted, each from another person', async (t) => {
  const { record, plan, decide, decisions } = await scene(t, 3);
  const said = await Promise.all([BOB, CAROL, BOB, DORA, CAROL, BOB, DORA].map((person) => decide(person)));
  assert.equal(said.filter((what) => what === 'accepted').length, 2);
  assert.equal(said.filter((what) => what === 'accepted, runs').length, 1);
  assert.equal(await record.stateOf(plan), 'approved');
  assert.equal(new Set(users(await decisions()).map((by) => JSON.stringify(by))).size, 3);
});

test('a plan with some of its approvals expires like any other', async (t) => {
  const { record, plan, decide, card, context } = await scene(t, 2);
  await decide(BOB);
  record.setNow(new Date(plan.expiresAt));
  const stop = new AbortController();
  const { clock, ...others } = context();
  await expirePlansUntil(stop.signal, { ...others, clock: { ...clock, sleep: async () => stop.abort() } });
  assert.equal(await record.stateOf(plan), 'expired');
  assert.match(plainText(planRecord(await card())), /^Expired: .* It had 1 of 2 approvals: UBOB\.$/);
  assert.equal(await decide(CAROL), 'plan-not-open');
});

test('the number of required approvals is that of the current config', async (t) => {
  const { decide, plan, record, context } = await scene(t, 3);
  await decide(BOB);
  const { settings, ...others } = context();
  const [host] = settings.hosts.values();
  assert.ok(host);
  const eased = { ...host, policy: { ...host.policy, approvalsNeeded: { low: 1, high: 1 } } };
  const now = { ...others, settings: { ...settings, hosts: new Map([[eased.name, eased]]) } };
  const request = {
    planIdText: plan.id,
    planHash: plan.hash,
    verdict: 'approved',
    by: CAROL,
    channel: CHANNEL,
  } as const;
  assert.equal((await decidePlan(now, request)).approved?.id, plan.id);
  assert.equal(await record.stateOf(plan), 'approved');
});

/** What someone does who can write the file, with its triggers dropped. */
const FORGERIES: Record<string, (database: DatabaseSync, plan: Plan) => void> = {
  'an approval without an audit entry': (database, plan) => {
    const values = [
      plan.id,
      'UDORA',
      'approved',
      plan.hash,
      JSON.stringify({ kind: 'slack-user', ...DORA }),
      null,
      plan.createdAt,
    ];
    database
      .prepare('INSERT INTO decisions (plan_id, person, verdict, plan_hash, by, reason, at) VALUES (?,?,?,?,?,?,?)')
      .run(...values);
  },
  'an approval on another hash': (database) => {
    database.prepare('UPDATE decisions SET plan_hash = ?').run(`sha256:${'0'.repeat(64)}`);
  },
  "another person's name on an approval": (database) => {
    database.prepare('UPDATE decisions SET by = ?').run(JSON.stringify({ kind: 'slack-user', ...DORA }));
  },
  'a signature added to an approval': (database) => {
    database.prepare('UPDATE decisions SET signature = ?').run('of nobody');
  },
  'a reason added to an approval': (database) => {
    database.prepare('UPDATE decisions SET reason = ?').run('Carol said so');
  },
  'a deleted approval': (database) => {
    database.exec('DELETE FROM decisions');
  },
};

for (const [what, forge] of Object.entries(FORGERIES)) {
  test(`the last approval runs nothing if the record was altered: ${what}`, async (t) => {
    const { record, plan, decide } = await scene(t, 2);
    await decide(BOB);
    const database = new DatabaseSync(record.file, { enableForeignKeyConstraints: false });
    const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
    for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
    forge(database, plan);
    database.close();
    assert.equal(await decide(CAROL), 'record-failed');
    assert.equal(await record.stateOf(plan), 'proposed');
  });
}
