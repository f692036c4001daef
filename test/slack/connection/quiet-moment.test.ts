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
  test('the bot starts work at once if no Slack request has arrived', async () => {
    const time = fakeTime();
    await new QuietMoment(time).wait();
    assert.equal(time.now(), 1000);
  });

  test('the bot starts work 25 ms after a single Slack request', async () => {
    const time = fakeTime();
    const quiet = new QuietMoment(time);
    quiet.requestCame();
    await quiet.wait();
    assert.equal(time.now(), 1025);
  });

  test('during a burst of Slack requests the bot starts work only 25 ms after the last one, so acknowledgements go first', async () => {
    let quiet: QuietMoment | null = null;
    const burst = [1010, 1020, 1044].map((at) => ({ at, happens: () => quiet?.requestCame() }));
    const time = fakeTime(burst);
    quiet = new QuietMoment(time);
    quiet.requestCame();
    await quiet.wait();
    assert.equal(time.now(), 1069);
  });

  test('the bot starts work half a second after the first Slack request at the latest, even if requests keep coming', async () => {
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
