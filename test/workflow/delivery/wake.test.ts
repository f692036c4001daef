import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';

const never = new AbortController().signal;
const A_LONG_TIME_MS = 60_000;

test('the delivery that waits for new messages continues when it is woken', async () => {
  const wake = new Wake();
  const waiting = wake.wait(systemClock, A_LONG_TIME_MS, never);
  wake.ring();
  await waiting;
});

test('a wake-up while the delivery is busy is not lost: its next wait ends at once', async () => {
  const wake = new Wake();
  wake.ring();
  await wake.wait(systemClock, A_LONG_TIME_MS, never);
});

test('one wake-up ends only one wait of the delivery', async () => {
  const wake = new Wake();
  wake.ring();
  await wake.wait(systemClock, A_LONG_TIME_MS, never);
  let isOver = false;
  const second = wake.wait(systemClock, A_LONG_TIME_MS, never).then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  assert.equal(isOver, false);
  wake.ring();
  await second;
});

test('the delivery that waits for new messages ends when the bot stops', async () => {
  const stop = new AbortController();
  const waiting = new Wake().wait(systemClock, A_LONG_TIME_MS, stop.signal);
  stop.abort();
  await waiting;
});
