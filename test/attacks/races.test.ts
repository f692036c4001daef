import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Plan, PlanState } from '../../src/model/plan/plan.ts';
import { Bot } from '../../src/workflow/bot.ts';
import { Wake } from '../../src/workflow/delivery/wake.ts';
import { supersedeOpenPlans } from '../../src/workflow/plan/end-plan.ts';
import { expirePlansUntil } from '../../src/workflow/plan/expire-plans.ts';
import type { RemoteHost } from '../../src/workflow/ports/host.ts';
import type { Person } from '../../src/workflow/requests.ts';
import { NOTHING_BESIDE } from '../support/bots/nothing-beside.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';
import { FREE_PACE } from '../support/slack/free-pace.ts';
import { ALICE, type AttackedRecord, BOB, CAROL, CHANNEL, openRecord } from './proposed-plan.ts';

/**
 * Everything that can happen to a plan that waits, at once and in any order, through the bot itself on one record. The plan has to
 * go one of these ways to its end, and only the first one reaches its host. (The host refuses: it is never there.)
 */

const WAYS: Partial<Record<PlanState, readonly string[]>> = {
  failed: ['plan-proposed', 'plan-approved', 'execution-intended', 'execution-finished'],
  rejected: ['plan-proposed', 'plan-rejected'],
  superseded: ['plan-proposed', 'plan-superseded'],
  withdrawn: ['plan-proposed', 'plan-withdrawn'],
};
const EXPIRED = [
  ['plan-proposed', 'plan-expired'],
  ['plan-proposed', 'plan-approved', 'execution-intended', 'plan-expired'],
];

const SEED = seedOfRun();
const TRIALS = 80;
const MOST_TURNS = 12;

type Scene = { readonly bot: Bot; readonly record: AttackedRecord; readonly plan: Plan };
type Act = (scene: Scene) => Promise<unknown>;

const decides =
  (by: Person, verdict: 'approved' | 'rejected'): Act =>
  ({ bot, plan }) =>
    bot.decide({ planIdText: plan.id, planHash: plan.hash, verdict, by, channel: CHANNEL, reason: 'not tonight' });
const withdraws: Act = ({ bot, plan }) =>
  bot.withdraw({ planIdText: plan.id, planHash: plan.hash, by: ALICE, channel: CHANNEL });
const looksAgain: Act = ({ bot, plan }) =>
  bot.diagnoseAgain({ incidentIdText: String(plan.incidentId), by: ALICE, channel: CHANNEL, requestKey: plan.id });
const timeIsUp: Act = ({ record, plan }) => {
  record.setNow(new Date(plan.expiresAt));
  const stop = new AbortController();
  const { clock, ...others } = record.context();
  return expirePlansUntil(stop.signal, { ...others, clock: { ...clock, sleep: async () => stop.abort() } });
};
const ACTS: readonly Act[] = [
  decides(BOB, 'approved'),
  decides(BOB, 'approved'),
  decides(CAROL, 'approved'),
  decides(CAROL, 'rejected'),
  withdraws,
  looksAgain,
  timeIsUp,
];

test('if approvals race a rejection, a withdrawal, the expiry, a new diagnosis and each other, exactly one of them decides on the plan', async (t) => {
  const random = new SeededRandom(SEED);
  const record = await openRecord(t);
  const turns = async () => {
    for (let left = random.int(MOST_TURNS); left > 0; left -= 1) await turn();
  };
  const ends = new Set<string>();
  for (let trial = 0; trial < TRIALS; trial += 1) {
    record.setNow(new Date());
    const plan = await record.propose();
    const { bot, runs } = startBot(record, turns);
    const acts = ACTS.filter(() => random.chance(60));
    await Promise.all(acts.map((act) => turns().then(() => act({ bot, record, plan }))));
    assert.equal(await bot.stop(30_000), true);
    const end = await endOf(record, plan);
    ends.add(end.state);
    const about = `RD_SEED=${SEED} trial ${trial}: ${end.state}, ${end.acts.join(', ')}`;
    assert.ok(end.isAllowed || acts.length === 0, about);
    assert.equal(runs(), end.state === 'failed' ? 1 : 0, about);
    await bury(record, plan);
  }
  const check = await record.opened.auditTrail.verify();
  assert.equal(check.kind, 'intact', JSON.stringify(check).slice(0, 600));
  for (const state of ['failed', 'rejected', 'superseded', 'withdrawn', 'expired'])
    assert.ok(ends.has(state), `none ended ${state}`);
});

/** The bot without its loops; Slack takes its time to say who someone is. */
function startBot(record: AttackedRecord, turns: () => Promise<void>) {
  let executions = 0;
  const remote: RemoteHost = {
    run: async (_host, _script, { approved }) => {
      if (approved) executions += 1;
      await turns();
      return { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
    },
  };
  const answer = async () => {
    await turns();
    return { kind: 'yes' } as const;
  };
  const context = record.context({ remote, directory: { isMember: answer, isFullMember: answer } });
  const messenger = {
    pace: FREE_PACE,
    deliver: async () => ({ kind: 'refused', why: { kind: 'refused', code: 'is_archived' } }) as const,
  };
  const bot = new Bot(context, {
    outbox: record.opened.outbox,
    messenger,
    wake: new Wake(),
    ...NOTHING_BESIDE,
  });
  return { bot, runs: () => executions };
}

async function endOf(record: AttackedRecord, plan: Plan) {
  const state = (await record.stateOf(plan)) ?? assert.fail();
  const acts = await record.actsOn(plan);
  const ways = state === 'expired' ? EXPIRED : [WAYS[state]];
  return { state, acts, isAllowed: ways.some((way) => way?.join() === acts.join()) };
}

/** What no one has decided on must not meet the next trial's plan. */
async function bury({ opened }: AttackedRecord, plan: Plan): Promise<void> {
  await opened.store.transact((tx) => supersedeOpenPlans(tx, plan.host, new Date(), { code: 'newer-diagnosis' }));
}
