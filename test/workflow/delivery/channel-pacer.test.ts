import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelPacer } from '../../../src/workflow/delivery/channel-pacer.ts';

const PACE = { posts: { burst: 3, everyMs: 1_000 }, edits: { burst: 2, everyMs: 1_200 } };

function pacerAt(start: number) {
  let now = start;
  const clock = { now: () => new Date(now), sleep: async () => {} };
  const pacer = new ChannelPacer(PACE, clock);
  return { pacer, pass: (ms: number) => (now += ms) };
}

test('the bot posts a burst into a Slack channel, then one message a second', () => {
  const { pacer, pass } = pacerAt(0);
  for (let left = 3; left > 0; left -= 1) {
    assert.equal(pacer.room('C1', 'post'), left);
    pacer.take('C1', 'post');
  }
  assert.equal(pacer.room('C1', 'post'), 0);
  assert.equal(pacer.msUntilRoom(), 1_000);
  pass(999);
  assert.equal(pacer.room('C1', 'post'), 0);
  pass(1);
  assert.equal(pacer.room('C1', 'post'), 1);
  pass(60_000);
  assert.equal(pacer.room('C1', 'post'), 3);
});

test('the bot counts posts per Slack channel, and edits for all channels together', () => {
  const { pacer } = pacerAt(0);
  for (let count = 0; count < 3; count += 1) pacer.take('C1', 'post');
  assert.equal(pacer.room('C2', 'post'), 3);
  pacer.take('C1', 'edit');
  assert.equal(pacer.room('C2', 'edit'), 1);
});

test('after Slack refuses a post the bot pauses that channel as long as Slack says, then sends a single message first', () => {
  const { pacer, pass } = pacerAt(0);
  pacer.take('C1', 'post');
  pacer.pause('C1', 'post', 30_000);
  assert.deepEqual([pacer.room('C1', 'post'), pacer.room('C1', 'edit')], [0, 0]);
  assert.deepEqual([pacer.room('C2', 'post'), pacer.room('C2', 'edit')], [3, 2]);
  assert.equal(pacer.msUntilRoom(), 30_000);
  pass(30_000);
  assert.equal(pacer.room('C1', 'post'), 1);
  assert.equal(pacer.msUntilRoom(), null);
});

test('after Slack refuses an edit the bot pauses the edits in all channels, but not the posts', () => {
  const { pacer, pass } = pacerAt(0);
  pacer.pause('C1', 'edit', 10_000);
  assert.deepEqual([pacer.room('C2', 'post'), pacer.room('C2', 'edit')], [3, 0]);
  pass(10_000);
  assert.equal(pacer.room('C2', 'edit'), 1);
});

for (const [what, ms] of Object.entries({
  'five hours': 5 * 3_600_000,
  'twenty minutes': 20 * 60_000,
  'two seconds': 2_000,
})) {
  test(`a system clock that is set back by ${what} does not stop the bot’s posts to a channel`, () => {
    const { pacer, pass } = pacerAt(10 * 3_600_000);
    while (pacer.room('C1', 'post') > 0) pacer.take('C1', 'post');
    pass(-ms);
    pacer.room('C1', 'post');
    pass(1_000);
    assert.ok(pacer.room('C1', 'post') >= 1);
    pacer.pause('C1', 'post', 1_500);
    pass(-ms);
    pacer.room('C1', 'post');
    pass(1_000);
    assert.ok(pacer.room('C1', 'post') >= 1);
  });
}
