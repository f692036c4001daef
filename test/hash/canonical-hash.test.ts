import assert from 'node:assert/strict';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import { canonicalJson } from '../../src/hash/canonical-hash.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';

const VALUES = 2_000;
const MOST_DEPTH = 4;
const LEAVES = [0, -0, 1.5, 1e21, 1e-7, '', 'é', '\u2028"\\\n', '\u{1f600}', true, false, null];
const KEYS = ['b', 'a', 'Z', 'aa', 'é', '10', '9', '_x', '__proto__', '', 'toJSON', '\u{1f600}', 'ﬁ'];

/** A value with what JSON has, and with what only JavaScript has. */
function randomValue(random: SeededRandom, depth: number): unknown {
  if (random.chance(5)) return undefined;
  if (depth === 0 || random.chance(40)) return LEAVES[random.int(LEAVES.length)];
  if (random.chance(30)) return Array.from({ length: random.int(4) }, () => randomValue(random, depth - 1));
  const entries = Array.from({ length: random.int(6) }, () => [random.pick(KEYS), randomValue(random, depth - 1)]);
  return Object.fromEntries(entries);
}

test('canonical JSON is word for word what the library of RFC 8785 writes, whatever the value and the order of its keys', () => {
  const seed = seedOfRun();
  const random = new SeededRandom(seed);
  for (let n = 0; n < VALUES; n += 1) {
    const value = [randomValue(random, MOST_DEPTH)];
    assert.equal(canonicalJson(value), canonicalize(value), `RD_SEED=${seed}`);
  }
});

const REFUSED: Record<string, unknown> = {
  'a number that is infinite': [Number.POSITIVE_INFINITY],
  'a number that is none': [Number.NaN],
  'half of a character': ['\ud800'],
  'half of a character in a key': { 'a\ud800': 1 },
};

for (const [what, value] of Object.entries(REFUSED)) {
  test(`canonical JSON refuses ${what}`, () => {
    assert.throws(() => canonicalJson(value));
  });
}

test('canonical JSON writes a date as its own JSON form, and data however deep', () => {
  assert.equal(canonicalJson({ at: new Date(0) }), '{"at":"1970-01-01T00:00:00.000Z"}');
  const depth = 10_000;
  const deep = Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);
  assert.equal(canonicalJson(deep), `${'['.repeat(depth)}1${']'.repeat(depth)}`);
});
