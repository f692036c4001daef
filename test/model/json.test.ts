import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { Json } from '../../src/model/json.ts';

const OF_ZOD = z.json();

const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1.5, '', 'text', [], {}, [1, [null, { a: 'b' }]], { a: { b: [false] } }],
  ...[undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol('a'), () => 1],
  ...[[undefined], [Number.NaN], { a: undefined }, { a: [() => 1] }, { a: 1n }],
  ...[new Date(0), new Map(), new Set([1]), new (class Own {})(), Object.create(null), Buffer.of(1), [new Date(0)]],
];

test('a value is JSON exactly where the schema of zod says so', () => {
  for (const [index, value] of VALUES.entries()) {
    assert.equal(Json.safeParse(value).success, OF_ZOD.safeParse(value).success, `value ${index}`);
  }
});
