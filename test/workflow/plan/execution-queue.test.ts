import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../../src/compose/system-clock.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { planRecord } from '../../../src/words/en/plan-card.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { Bot } from '../../../src/workflow/bot.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import { supersedeOpenPlans } from '../../../src/workflow/plan/end-plan.ts';
import { expirePlansUntil } from '../../../src/workflow/plan/expire-plans.ts';
import type { Clock } from '../../../src/workflow/ports/bot.ts';
import type { RemoteHost, RemoteOutcome } from '../../../src/workflow/ports/host.ts';
import { findUnfinished } from '../../../src/workflow/unfinished-tasks.ts';
import { BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { NOTHING_BESIDE } from '../../support/bots/nothing-beside.ts';
import { FREE_PACE } from '../../support/slack/free-pace.ts';

/** Several approved plans of one host: one after the other, the oldest approval first. The host refuses each, once it is let. */

const AWAY: RemoteOutcome = { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };

async function scene(t: TestContext) {
  const record = await openRecord(t);
  /** What has reached the host, and is let go on by hand. */
  const runs: PromiseWithResolvers<RemoteOutcome>[] = [];
  let arrived = Promise.withResolvers<void>();
  const remote: RemoteHost = {
    run: () => {
      const run = Promise.withResolvers<RemoteOutcome>();
      runs.push(run);
      arrived.resolve();
      arrived = Promise.withResolvers();
      return run.promise;
    },
  };
  const untilRuns = async (amount: number) => {
    while (runs.length < amount) await arrived.promise;
  };
  const { clock } = record.context();
  const context = record.context({ remote, clock: { now: clock.now, sleep: systemClock.sleep } });
  const messenger = {
    pace: FREE_PACE,
    deliver: async () => ({ kind: 'refused', why: { kind: 'refused', code: 'is_archived' } }) as const,
  };
  const start = (given: WorkflowContext = context) => {
    const bot = new Bot(given, {
      outbox: record.opened.outbox,
      messenger,
      wake: new Wake(),
      ...NOTHING_BESIDE,
    });
    bot.start();
    t.after(async () => {
      for (const run of runs) run.resolve(AWAY);
      await bot.stop(5_000);
    });
    return bot;
  };
  const approve = (bot: Bot, plan: Plan) =>
    bot.decide({ planIdText: plan.id, planHash: plan.hash, verdict: 'approved', by: BOB, channel: CHANNEL });
  const card = async (plan: Plan) => {
    const message = await record.opened.store.transact((tx) => tx.message(`plan:${plan.id}`));
    return message?.body.kind === 'plan' ? plainText(planRecord(message.body)) : assert.fail();
  };
  return { record, context, start, approve, card, runs, untilRuns };
}

async function threePlans(record: Awaited<ReturnType<typeof openRecord>>) {
  const plans = [];
  for (let n = 0; n < 3; n += 1) plans.push(await record.propose());
  const [first, second, third] = plans;
  assert.ok(first && second && third);
  return [first, second, third] as const;
}

test('a plan approved while another one runs on the host waits, says for which one, and starts on its own', async (t) => {
  const { record, start, approve, card, runs, untilRuns } = await scene(t);
  const [first, second, third] = await threePlans(record);
  const bot = start();
  await approve(bot, third);
  await untilRuns(1);
  record.setNow(new Date(Date.now() + 1_000));
  await approve(bot, first);
  record.setNow(new Date(Date.now() + 2_000));
  await approve(bot, second);
  assert.deepEqual(await Promise.all([first, second, third].map((plan) => record.stateOf(plan))), [
    'approved',
    'approved',
    'executing',
  ]);
  const waits = new RegExp(`^Approved by UBOB at .*\\. Queued behind plan ${third.id}, which is running on git01\\.`);
  for (const plan of [first, second]) assert.match(await card(plan), waits);
  runs[0]?.resolve(AWAY);
  await untilRuns(2);
  assert.deepEqual(await Promise.all([first, second, third].map((plan) => record.stateOf(plan))), [
    'executing',
    'approved',
    'failed',
  ]);
  assert.match(await card(first), /^Approved by UBOB at .*\. Running on git01 …$/);
  assert.match(await card(second), new RegExp(`Queued behind plan ${first.id},`));
  runs[1]?.resolve(AWAY);
  await untilRuns(3);
  assert.equal(await record.stateOf(second), 'executing');
  runs[2]?.resolve(AWAY);
  await bot.stop(5_000);
  assert.equal(await record.stateOf(second), 'failed');
});

test('after a restart approved plans continue in their order, and each runs once', async (t) => {
  const { record, context, start, approve, runs, untilRuns } = await scene(t);
  const [first, second, third] = await threePlans(record);
  // This one never begins: it stands for a bot that was killed right after the clicks.
  const killed = new Bot(
    { ...context, log: context.log },
    {
      outbox: record.opened.outbox,
      messenger: {
        pace: FREE_PACE,
        deliver: async () => ({ kind: 'refused', why: { kind: 'refused', code: 'is_archived' } }),
      },
      wake: new Wake(),
      ...NOTHING_BESIDE,
    },
  );
  for (const [place, plan] of [second, third, first].entries()) {
    record.setNow(new Date(Date.now() + place * 1_000));
    await approve(killed, plan);
  }
  await untilRuns(1);
  const heads = await findUnfinished(context);
  assert.deepEqual(heads, [{ kind: 'execution', planId: second.id, host: second.host }]);
  start();
  const order: string[] = [];
  for (let place = 1; place <= 3; place += 1) {
    runs[place - 1]?.resolve(AWAY);
    if (place < 3) await untilRuns(place + 1);
    const states = await Promise.all(
      [first, second, third].map(async (plan) => [plan.id, await record.stateOf(plan)] as const),
    );
    order.push(states.find(([, state]) => state === 'executing')?.[0] ?? 'none');
  }
  assert.deepEqual(order.slice(0, 2), [third.id, first.id]);
});

test('a plan that expires while it waits for another one does not run, and its incident is open again', async (t) => {
  const { record, context, start, approve, card, untilRuns } = await scene(t);
  const [first, second] = await threePlans(record);
  const bot = start();
  await approve(bot, first);
  await untilRuns(1);
  await approve(bot, second);
  record.setNow(new Date(second.expiresAt));
  const stop = new AbortController();
  const { clock, ...others } = context;
  await expirePlansUntil(stop.signal, { ...others, clock: { ...clock, sleep: async () => stop.abort() } });
  assert.equal(await record.stateOf(second), 'expired');
  assert.match(await card(second), /Expired: its time was up before it ran\. Nothing was changed\.$/);
  const { incident, execution } = await record.opened.store.transact(async (tx) => ({
    incident: await tx.incident(second.incidentId),
    execution: await tx.execution(second.id),
  }));
  assert.equal(incident?.state, 'open');
  assert.deepEqual(execution?.outcome, { kind: 'never-started' });
  assert.equal(await record.stateOf(first), 'executing');
});

test('a newer diagnosis of the host replaces the plan that still waits, not the one that runs', async (t) => {
  const { record, start, approve, untilRuns } = await scene(t);
  const [first, second] = await threePlans(record);
  const bot = start();
  await approve(bot, first);
  await untilRuns(1);
  await approve(bot, second);
  await record.opened.store.transact((tx) =>
    supersedeOpenPlans(tx, first.host, new Date(), { code: 'newer-diagnosis' }),
  );
  assert.equal(await record.stateOf(second), 'superseded');
  assert.equal(await record.stateOf(first), 'executing');
});

test('a running plan finishes and is verified even if its host is removed from the config meanwhile', async (t) => {
  const { record, context, approve, untilRuns, start } = await scene(t);
  let searched = Promise.withResolvers<void>();
  let again = Promise.withResolvers<void>();
  let { settings } = context;
  // The bot searches for unfinished work when the test says so.
  const sleep: Clock['sleep'] = async (ms, signal) => {
    if (ms !== 15_000) return context.clock.sleep(ms, signal);
    searched.resolve();
    await Promise.race([again.promise, signal && once(signal, 'abort')]);
  };
  const searchOnce = async () => {
    searched = Promise.withResolvers();
    again.resolve();
    again = Promise.withResolvers();
    await searched.promise;
  };
  const bot = start({
    ...context,
    clock: { now: context.clock.now, sleep },
    get settings() {
      return settings;
    },
  });
  await searched.promise;
  const plan = await record.propose();
  await approve(bot, plan);
  await untilRuns(1);
  // As if the host had answered, and its registry had not yet.
  await record.opened.store.transact((tx) => tx.movePlan(plan.id, 'executing', 'applied'));
  settings = { ...settings, hosts: new Map() };
  for (let search = 0; search < 3; search += 1) await searchOnce();
  assert.ok(!(await record.actsOn(plan)).includes('verified'));
});
