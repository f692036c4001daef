import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { Client } from 'ssh2';
import { Connection } from '../../../src/ssh/connect/connection.ts';

test('if a host refuses two SSH sessions in a row, both are reported as refused and the connection is not lost', async (t) => {
  const client = new Client();
  const refuse: (() => void)[] = [];
  t.mock.method(client, 'exec', (_: string, answer: (error: Error) => void) => {
    refuse.push(() => answer(new Error('(SSH) Channel open failure: open failed')));
  });
  const way = { kind: 'connected', stream: new PassThrough(), close: () => {}, closeSoon: () => {} } as const;
  const connection = new Connection(client, way, 10_000);
  const [first, second] = [connection.open('one'), connection.open('two')];
  refuse[0]?.();
  assert.equal((await first).kind, 'refused');
  connection.retire();
  refuse[1]?.();
  assert.equal((await second).kind, 'refused');
});
