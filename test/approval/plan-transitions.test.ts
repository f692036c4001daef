import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFinal, nextPlanState, PLAN_TRANSITIONS, type PlanEvent } from '../../src/approval/plan-transitions.ts';
import { PlanState } from '../../src/model/plan/plan.ts';

const EVENTS: readonly PlanEvent[] = [
  'endorse',
  'approve',
  'break-glass',
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
  'proposed endorse': 'proposed',
  'proposed approve': 'approved',
  'proposed break-glass': 'approved',
  'proposed reject': 'rejected',
  'proposed expire': 'expired',
  'proposed supersede': 'superseded',
  'approved start': 'executing',
  'approved expire': 'expired',
  'approved supersede': 'superseded',
  'executing succeed': 'applied',
  'executing find-stale': 'stale',
  'executing undo': 'undone',
  'executing fail': 'failed',
};

for (const state of PlanState.options) {
  for (const event of EVENTS) {
    const expected = POSSIBLE[`${state} ${event}`] ?? null;
    test(`a plan that is ${state} ${expected ? `becomes ${expected}` : 'stays as it is'} on ${event}`, () => {
      assert.equal(nextPlanState(state, event), expected);
    });
  }
}

/** Every state that any row of events, however long, can lead to. */
function reachableFrom(state: PlanState): ReadonlySet<PlanState> {
  const reached = new Set<PlanState>();
  const open = [state];
  for (let from = open.pop(); from; from = open.pop()) {
    for (const event of EVENTS) {
      const next = nextPlanState(from, event);
      if (next === null || reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}

for (const state of ['rejected', 'expired', 'superseded', 'stale', 'applied', 'undone', 'failed'] as const) {
  test(`a plan that is ${state} can never start to execute or change in any other way`, () => {
    assert.deepEqual([...reachableFrom(state)], []);
  });
}

test('a plan in any state that is not final can reach a final one, and an executing plan never goes back', () => {
  for (const state of ['proposed', 'approved'] as const) assert.ok(reachableFrom(state).has('executing'));
  assert.ok(!reachableFrom('executing').has('executing'));
  assert.deepEqual(
    [...reachableFrom('executing')].filter((state) => !isFinal(state)),
    [],
  );
});

test('the table of a plan’s states lists each event of each state once', () => {
  const keys = PLAN_TRANSITIONS.map(({ from, event }) => `${from} ${event}`);
  assert.equal(new Set(keys).size, keys.length);
});

test('a plan executes only after it was approved and started', () => {
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
