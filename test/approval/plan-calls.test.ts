import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callsDue, callTimes, type WaitingPlan } from '../../src/approval/plan-calls.ts';
import { UserId } from '../../src/model/record/ids.ts';
import type { PlanCall } from '../../src/model/record/messages/people.ts';
import type { Policy } from '../../src/model/settings/settings.ts';
import { policyWith } from '../support/bots/policy.ts';
import { roundsOf } from '../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';

const START = Date.parse('2026-11-23T14:00:00.000Z');
const MINUTE_MS = 60_000;
const PEOPLE = { users: [UserId.parse('UBOB')], groups: [] };

const at = (minutes: number) => new Date(START + minutes * MINUTE_MS);
const plan = (lifeMinutes = 15) => ({ createdAt: at(0).toISOString(), expiresAt: at(lifeMinutes).toISOString() });
const waiting = (change: Partial<WaitingPlan> = {}): WaitingPlan => ({
  plan: plan(),
  made: new Set(),
  isAcknowledged: false,
  ...change,
});
const policy = (change: Partial<Policy> = {}) =>
  policyWith({ approvers: PEOPLE, escalateTo: PEOPLE, escalateAfterMinutes: 10, ...change });

const TIMES: readonly [what: string, change: Partial<Policy>, life: number, times: Record<PlanCall, number | null>][] =
  [
    ['by default halfway and after ten minutes', {}, 15, { reminder: 7.5, escalation: 10 }],
    ['as long before its end as the policy says', { remindMinutes: 2 }, 15, { reminder: 13, escalation: 10 }],
    ['not reminded of with 0', { remindMinutes: 0 }, 15, { reminder: null, escalation: 10 }],
    ['not reminded of when it was just made', { remindMinutes: 15 }, 15, { reminder: null, escalation: 10 }],
    ['not escalated when it is over by then', {}, 10, { reminder: 5, escalation: null }],
    ['not reminded of without approvers', { approvers: null }, 15, { reminder: null, escalation: 10 }],
    ['not escalated without anyone to turn to', { escalateTo: null }, 15, { reminder: 7.5, escalation: null }],
  ];

for (const [what, change, life, times] of TIMES) {
  test(`a plan of ${life} minutes is called for ${what}`, () => {
    const found = callTimes(plan(life), policy(change));
    const minutes = Object.fromEntries(
      Object.entries(found).map(([call, time]) => [call, time === null ? null : (time - START) / MINUTE_MS]),
    );
    assert.deepEqual(minutes, times);
  });
}

const DUE: readonly [what: string, waiting: Partial<WaitingPlan>, minute: number, calls: readonly PlanCall[]][] = [
  ['nothing before its time', {}, 7.4, []],
  ['the reminder at its time', {}, 7.5, ['reminder']],
  ['no second reminder', { made: new Set(['reminder']) }, 9, []],
  ['the escalation at its time', { made: new Set(['reminder']) }, 10, ['escalation']],
  ['both after an outage, the reminder first', {}, 12, ['reminder', 'escalation']],
  ['nothing more when both were made', { made: new Set(['reminder', 'escalation']) }, 14, []],
  ['nothing while someone is on the incident', { isAcknowledged: true }, 14, []],
  ['nothing once it has expired', {}, 15, []],
];

for (const [what, state, minute, calls] of DUE) {
  test(`after ${minute} minutes a plan calls for: ${what}`, () => {
    assert.deepEqual(callsDue(waiting(state), policy(), at(minute)), calls);
  });
}

/** A plan under a random policy that is looked at again and again, until it is over at a random moment. */
function life(random: SeededRandom) {
  const lifeMinutes = 1 + random.int(120);
  const rules = policy({
    approvers: random.chance(80) ? PEOPLE : null,
    escalateTo: random.chance(80) ? PEOPLE : null,
    remindMinutes: random.chance(50) ? null : random.int(120),
    escalateAfterMinutes: 1 + random.int(119),
  });
  const made: { call: PlanCall; minute: number }[] = [];
  const acknowledgedAt = random.chance(30) ? random.int(lifeMinutes) : null;
  let minute = 0;
  while (minute < lifeMinutes + 10) {
    const isAcknowledged = acknowledgedAt !== null && minute >= acknowledgedAt;
    const state = { plan: plan(lifeMinutes), made: new Set(made.map(({ call }) => call)), isAcknowledged };
    for (const call of callsDue(state, rules, at(minute))) made.push({ call, minute });
    // The bot is down for a while, now and then.
    minute += random.chance(10) ? random.int(30) : 0.1;
  }
  return { lifeMinutes, rules, made, acknowledgedAt };
}

test('whatever the policy and the outages, no call is made twice, early, after the end or after someone is on it', (t) => {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  const random = new SeededRandom(seed);
  for (let round = 0; round < roundsOf(300, 20_000); round += 1) {
    const { lifeMinutes, rules, made, acknowledgedAt } = life(random);
    const times = callTimes(plan(lifeMinutes), rules);
    assert.equal(new Set(made.map(({ call }) => call)).size, made.length);
    for (const { call, minute } of made) {
      const time = times[call];
      assert.ok(time !== null && at(minute).getTime() >= time, `${call} came too early`);
      assert.ok(minute < Math.min(lifeMinutes, acknowledgedAt ?? lifeMinutes), `${call} came too late`);
    }
  }
});

test('a bot that is never down makes every call within its pace', (t) => {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  const random = new SeededRandom(seed);
  for (let round = 0; round < roundsOf(100, 5_000); round += 1) {
    const rules = policy({ remindMinutes: random.int(60), escalateAfterMinutes: 1 + random.int(59) });
    const times = callTimes(plan(60), rules);
    const made = new Set<PlanCall>();
    for (let minute = 0; minute < 60; minute += 0.1) {
      for (const call of callsDue(waiting({ plan: plan(60), made: new Set(made) }), rules, at(minute))) {
        const late = at(minute).getTime() - (times[call] ?? Number.NaN);
        assert.ok(late >= 0 && late < 0.11 * MINUTE_MS, `${call} was ${late} ms late`);
        made.add(call);
      }
    }
    const expected = Object.values(times).filter((time) => time !== null).length;
    assert.equal(made.size, expected);
  }
});
