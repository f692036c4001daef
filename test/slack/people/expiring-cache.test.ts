import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpiringCache } from '../../../src/slack/people/expiring-cache.ts';

test('a cached answer about a person is kept until it expires, for each key separately', async () => {
  let now = 0;
  let looks = 0;
  const cache = new ExpiringCache<number>(100, () => now);
  const look = async () => ({ value: ++looks, keep: true });
  assert.equal(await cache.get('a', look), 1);
  now = 99;
  assert.equal(await cache.get('a', look), 1);
  assert.equal(await cache.get('b', look), 2);
  now = 100;
  assert.equal(await cache.get('a', look), 3);
});

test('simultaneous lookups of the same key make one request to Slack', async () => {
  let looks = 0;
  const cache = new ExpiringCache<number>(100);
  const look = async () => ({ value: ++looks, keep: false });
  assert.deepEqual(await Promise.all([cache.get('a', look), cache.get('a', look)]), [1, 1]);
});

test('a lookup that failed, or whose answer must not be kept, is made again', async () => {
  const cache = new ExpiringCache<number>(100);
  assert.equal(await cache.get('a', async () => ({ value: 1, keep: false })), 1);
  await assert.rejects(
    cache.get('a', () => Promise.reject(new Error('away'))),
    /away/,
  );
  assert.equal(await cache.get('a', async () => ({ value: 2, keep: true })), 2);
});
