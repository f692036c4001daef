import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostName } from '../../../src/model/record/ids.ts';
import { WatchBoard } from '../../../src/workflow/watch/watch-board.ts';

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
