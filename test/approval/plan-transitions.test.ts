import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFinal, nextPlanState, PLAN_TRANSITIONS, type PlanEvent } from '../../src/approval/plan-transitions.ts';
import { PlanState } from '../../src/model/plan.ts';

const EVENTS: readonly PlanEvent[] = [
  'approve',
  'reject',
  'expire',
  'supersede',
  'start',
  'succeed',
  'find-stale',
  'undo',
  'fail',
];

/** Every state with every event; what is not named here must be impossible. */
const POSSIBLE: Record<string, string> = {
  'proposed approve': 'approved',
  'proposed reject': 'rejected',
  'proposed expire': 'expired',
  'proposed supersede': 'superseded',
  'approved start': 'executing',
  'approved expire': 'expired',
  'executing succeed': 'applied',
  'executing find-stale': 'stale',
  'executing undo': 'undone',
  'executing fail': 'failed',
};

for (const state of PlanState.options) {
  for (const event of EVENTS) {
    const expected = POSSIBLE[`${state} ${event}`] ?? null;
    test(`a plan that is ${state} ${expected ? `becomes ${expected}` : 'does not move'} on ${event}`, () => {
      assert.equal(nextPlanState(state, event), expected);
    });
  }
}

test('nothing leads to executing but an approval that was started', () => {
  const ways = PLAN_TRANSITIONS.filter((transition) => transition.to === 'executing');
  assert.deepEqual(
    ways.map((way) => `${way.from} ${way.event}`),
    ['approved start'],
  );
});

test('rejected, expired, superseded, stale, applied, undone and failed plans are final', () => {
  const final = PlanState.options.filter(isFinal);
  assert.deepEqual(final, ['applied', 'undone', 'failed', 'stale', 'rejected', 'expired', 'superseded']);
});
