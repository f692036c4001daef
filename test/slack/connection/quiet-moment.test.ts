import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { QuietMoment, type Time } from '../../../src/slack/connection/quiet-moment.ts';

/** A clock that runs only while someone sleeps; `during` happens at its times. */
function fakeTime(during: readonly { readonly at: number; readonly happens: () => void }[] = []) {
  const left = [...during];
  let now = 1000;
  const time: Time = {
    now: () => now,
    sleep: async (ms) => {
      const end = now + ms;
      for (let next = left[0]; next && next.at <= end; next = left[0]) {
        now = next.at;
        left.shift();
        next.happens();
      }
      now = end;
    },
  };
  return time;
}

describe('the quiet moment before work', () => {
  test('the quiet moment comes without a wait when no request has come', async () => {
    const time = fakeTime();
    await new QuietMoment(time).wait();
    assert.equal(time.now(), 1000);
  });

  test('the quiet moment comes 25 ms after a single request', async () => {
    const time = fakeTime();
    const quiet = new QuietMoment(time);
    quiet.requestCame();
    await quiet.wait();
    assert.equal(time.now(), 1025);
  });

  test('the quiet moment comes 25 ms after the last request of a burst', async () => {
    let quiet: QuietMoment | null = null;
    const burst = [1010, 1020, 1044].map((at) => ({ at, happens: () => quiet?.requestCame() }));
    const time = fakeTime(burst);
    quiet = new QuietMoment(time);
    quiet.requestCame();
    await quiet.wait();
    assert.equal(time.now(), 1069);
  });

  test('the quiet moment comes after half a second at the latest', async () => {
    let quiet: QuietMoment | null = null;
    const endless = Array.from({ length: 200 }, (_, index) => ({
      at: 1000 + 10 * index,
      happens: () => quiet?.requestCame(),
    }));
    const time = fakeTime(endless);
    quiet = new QuietMoment(time);
    quiet.requestCame();
    await quiet.wait();
    assert.equal(time.now(), 1500);
  });
});
