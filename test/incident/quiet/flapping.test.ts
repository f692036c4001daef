import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  afterAlert,
  afterHealth,
  afterTime,
  FLAPPING_WINDOW_MS,
  STEADY,
} from '../../../src/incident/quiet/flapping.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';

const START = Date.UTC(2026, 10, 29, 14, 0);
const at = (minute: number) => new Date(START + minute * 60_000);
const alternating = (minutes: readonly number[]) =>
  minutes.reduce((state, minute, index) => afterHealth(state, index % 2 === 0 ? 'bad' : 'good', at(minute)), STEADY);

test('a registry flaps from its fourth change within 30 minutes on', () => {
  assert.equal(alternating([0, 5, 10]).flappingSince, null);
  assert.equal(alternating([0, 5, 10, 29]).flappingSince, at(0).toISOString());
  assert.equal(alternating([0, 5, 10, 31]).flappingSince, null, 'the first change is too old');
});

test('the same health again is no change', () => {
  const bad = afterHealth(STEADY, 'bad', at(0));
  assert.equal(afterHealth(bad, 'bad', at(1)), bad);
});

test('flapping ends only after 30 minutes without a change, though fewer changes than its beginning needs keep it up', () => {
  const flapping = alternating([0, 1, 2, 3, 32, 61]);
  assert.equal(flapping.flappingSince, at(0).toISOString());
  assert.equal(afterTime(flapping, at(90)), flapping);
  assert.deepEqual(afterTime(flapping, at(91)), { ...STEADY, health: 'good' });
});

test('a new alert keeps flapping up, though it changes nothing, and begins none', () => {
  const flapping = afterAlert(alternating([0, 1, 2, 3]), at(20));
  const alerted = afterAlert(flapping, at(40));
  assert.deepEqual(alerted.changes, flapping.changes);
  assert.equal(afterTime(alerted, at(69)).flappingSince, at(0).toISOString());
  assert.equal(afterTime(alerted, at(70)).flappingSince, null);
  assert.equal(afterAlert(afterAlert(STEADY, at(0)), at(1)).flappingSince, null);
});

test('a clock that is set back by a day does not make flapping last for a day', () => {
  const flapping = alternating([0, 1, 2, 3]);
  const dayBefore = (minute: number) => at(minute - 24 * 60);
  assert.deepEqual(afterTime(flapping, dayBefore(4)), { ...STEADY, health: 'good' });
  assert.equal(afterHealth(alternating([0, 1, 2]), 'good', dayBefore(4)).flappingSince, null);
  assert.equal(afterTime(flapping, at(0)), flapping, 'a few minutes are no matter');
});

test('after its end a registry has to change four times again', () => {
  const over = afterTime(alternating([0, 1, 2, 3]), at(33));
  const again = [34, 35, 36].reduce(
    (state, minute, index) => afterHealth(state, index % 2 ? 'good' : 'bad', at(minute)),
    over,
  );
  assert.equal(again.flappingSince, null);
});

test('over random changes flapping begins and ends by the rule alone', (t) => {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  const random = new SeededRandom(seed);
  let state = STEADY;
  let now = START;
  for (let step = 0; step < 2_000; step += 1) {
    now += random.int(random.pick([60_000, 600_000, 2_400_000]));
    const before = afterTime(state, new Date(now));
    const after = afterHealth(before, random.pick(['good', 'bad']), new Date(now));
    const recent = after.changes.filter((change) => now - Date.parse(change) < FLAPPING_WINDOW_MS);
    if (before.flappingSince !== null) assert.equal(after.flappingSince, before.flappingSince);
    else assert.equal(after.flappingSince !== null, recent.length >= 4);
    state = after;
  }
});
