import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WatchSeen } from '../../../src/model/fleet/fleet.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import { WatchBoard } from '../../../src/workflow/watch/watch-board.ts';

test('a board shows what the board of another bot told, and forgets what it saw of a host that the other one monitors now', async () => {
  const told = new Map<HostName, WatchSeen>();
  const sights = {
    tell: async (seen: ReadonlyMap<HostName, WatchSeen>) => {
      for (const [host, one] of seen) told.set(host, one);
    },
    read: async () => new Map(told),
  };
  const [git01, git02] = [HostName.parse('git01'), HostName.parse('git02')];
  const watch = { intervalSeconds: 30, url: null, blindMinutes: 10, deepLookMinutes: 60 };
  const mine = new WatchBoard(undefined, sights);
  const other = new WatchBoard(undefined, sights);
  mine.note(git01, { kind: 'healthy', way: 'guard', at: '2026-11-23T14:02:10.000Z' });
  mine.note(git02, { kind: 'healthy', way: 'guard', at: '2026-11-23T14:02:10.000Z' });
  await mine.tell();
  mine.note(git01, { kind: 'unhealthy', way: 'guard', at: '2026-11-23T14:02:40.000Z' });
  mine.note(git02, { kind: 'healthy', way: 'guard', at: '2026-11-23T14:02:41.000Z' });
  await mine.tell();
  assert.deepEqual(
    told.get(git02),
    { kind: 'healthy', way: 'guard', at: '2026-11-23T14:02:10.000Z' },
    'not each check',
  );
  await other.refresh();
  assert.equal(other.of({ name: git01, watch }).kind, 'unhealthy');
  other.note(git01, { kind: 'blind', since: '2026-11-23T14:05:00.000Z' });
  mine.keepOnly(new Set([git02]));
  await other.tell();
  await mine.refresh();
  assert.equal(mine.of({ name: git01, watch }).kind, 'blind');
  assert.equal(mine.of({ name: git02, watch }).kind, 'healthy');
});

test('the board says when a host is seen in another state, and not for each look', () => {
  let changes = 0;
  const board = new WatchBoard(() => {
    changes += 1;
  });
  const host = HostName.parse('git01');
  const at = '2026-11-23T14:02:10.000Z';
  const looks = ['healthy', 'healthy', 'unhealthy', 'unhealthy', 'healthy'] as const;
  const counted = looks.map((kind) => {
    board.note(host, { kind, way: 'guard', at });
    return changes;
  });
  assert.deepEqual(counted, [1, 1, 2, 2, 3]);
  for (const since of [at, '2026-11-23T14:03:10.000Z']) board.note(host, { kind: 'blind', since });
  assert.equal(changes, 4);
});
