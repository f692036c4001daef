import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { ThreadMessage } from '../../src/model/record/messages/thread-message.ts';
import { executePlan } from '../../src/workflow/execution/execute-plan.ts';
import { supersedeOpenPlans } from '../../src/workflow/plan/end-plan.ts';
import { expirePlansUntil } from '../../src/workflow/plan/expire-plans.ts';
import type { RemoteHost, RemoteOutcome } from '../../src/workflow/ports/host.ts';
import { decidePlan } from '../../src/workflow/review/decide-plan.ts';
import { BOB, CHANNEL, openRecord } from '../attacks/proposed-plan.ts';
import { toldOfPlan } from './exited.ts';

/** The thread is a witness of the record: each entry's number and hash is in exactly one post, several in a post. */

const AWAY: RemoteOutcome = { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
const STOP = new AbortController().signal;

/** A record whose host answers as the test says, and whose clock goes on while the bot waits. */
async function scene(t: TestContext, answer: (input: string, plan: Plan) => RemoteOutcome = () => AWAY) {
  const record = await openRecord(t);
  const plan = await record.propose();
  let now = new Date();
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
  const remote: RemoteHost = { run: async (_, input) => answer(input, plan) };
  const context = record.context({ remote, clock });
  const approve = () =>
    decidePlan(context, { planIdText: plan.id, planHash: plan.hash, verdict: 'approved', by: BOB, channel: CHANNEL });
  const posts = async () => {
    const whole = await record.opened.auditTrail.incidentRecord(plan.incidentId);
    return (whole ?? assert.fail()).messages.map(({ body }) => body);
  };
  return { record, plan, context, clock, approve, posts };
}

function marksIn(body: ThreadMessage): readonly { readonly sequence: number; readonly hash: string }[] {
  if (!('record' in body || 'entry' in body)) return [];
  if (body.kind === 'plan') return [body.record];
  return [...(body.earlier ?? []), body.kind === 'record' ? body.entry : body.record];
}

/** How many entries of the incident there are, each told of once. */
async function assertEachToldOnce({ record, plan, posts }: Awaited<ReturnType<typeof scene>>): Promise<number> {
  const entries = await record.opened.auditTrail.list({ incidentId: plan.incidentId });
  const told = (await posts()).flatMap(marksIn).map(({ sequence, hash }) => `${sequence} ${hash}`);
  assert.deepEqual(told.toSorted(), entries.map(({ sequence, hash }) => `${sequence} ${hash}`).toSorted());
  return entries.length;
}

async function kindsOf(posts: () => Promise<readonly ThreadMessage[]>): Promise<readonly string[]> {
  return (await posts()).map(({ kind }) => kind);
}

const doneAsPlanned = (input: string, plan: Plan): RemoteOutcome =>
  toldOfPlan(
    input,
    ['kind', 'applied'],
    ['tried', 'allowed'],
    ...plan.steps.flatMap(({ path, from, to }) => [
      ['step-path', path] as const,
      ['step-before', String(from)] as const,
      ['step-after', String(to)] as const,
      ['step-was', '0700 0:0 -'] as const,
      ['step-is', '0711 0:0 -'] as const,
      ['step-list', ''] as const,
    ]),
  );

test('a plan that works is reported in one post after its approval, with every audit entry from approval to verification', async (t) => {
  const stage = await scene(t, (input, plan) => (/^verb apply$/m.test(input) ? doneAsPlanned(input, plan) : AWAY));
  const before = (await stage.posts()).length;
  await stage.approve();
  assert.equal((await stage.posts()).length, before, 'the approval is an edit of the card');
  assert.equal(await executePlan(stage.context, stage.plan.id, STOP), true);
  const added = (await stage.posts()).slice(before);
  assert.deepEqual(
    added.map(({ kind }) => kind),
    ['verification'],
  );
  assert.deepEqual((await stage.record.actsOn(stage.plan)).slice(-4), [
    'plan-approved',
    'execution-intended',
    'execution-finished',
    'verified',
  ]);
  const [outcome] = added;
  assert.ok(outcome?.kind === 'verification');
  assert.deepEqual(outcome.approval?.by, [{ kind: 'slack-user', ...BOB }]);
  await assertEachToldOnce(stage);
});

test('a plan that its host refuses is reported in one post, with the audit entries of its approval and its start', async (t) => {
  const stage = await scene(t, (input) => toldOfPlan(input, ['kind', 'refused'], ['why', 'the host says so']));
  await stage.approve();
  await executePlan(stage.context, stage.plan.id, STOP);
  assert.deepEqual((await kindsOf(stage.posts)).slice(-1), ['execution']);
  await assertEachToldOnce(stage);
});

test('the post about an unknown outcome has the audit entries so far, and the post about the outcome has the rest', async (t) => {
  let asked = 0;
  const stage = await scene(t, (input) => {
    asked += 1;
    if (asked < 4) return { kind: 'no-exit-status', why: { code: 'ended-without-status' }, output: NOTHING };
    return toldOfPlan(input, ['kind', 'refused'], ['why', 'the host says so']);
  });
  await stage.approve();
  await executePlan(stage.context, stage.plan.id, STOP);
  assert.deepEqual((await kindsOf(stage.posts)).slice(-2), ['execution', 'execution']);
  await assertEachToldOnce(stage);
});

const NOTHING = { stdout: new Uint8Array(), stderr: new Uint8Array(), truncated: false };

test('the post about an approved plan that was replaced before it ran has the audit entries of its approval and start', async (t) => {
  const stage = await scene(t);
  await stage.approve();
  await stage.record.opened.store.transact((tx) =>
    supersedeOpenPlans(tx, stage.plan.host, new Date(), { code: 'newer-diagnosis' }),
  );
  assert.deepEqual((await kindsOf(stage.posts)).slice(-1), ['record']);
  await assertEachToldOnce(stage);
});

test('the post about an approved plan that expired before it ran has the audit entries of its approval and start', async (t) => {
  const stage = await scene(t);
  await stage.approve();
  const stop = new AbortController();
  const clock = { now: () => new Date(stage.plan.expiresAt), sleep: async () => stop.abort() };
  await expirePlansUntil(stop.signal, { ...stage.context, clock });
  assert.equal(await assertEachToldOnce(stage), 5);
});
