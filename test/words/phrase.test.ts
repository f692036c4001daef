import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserId } from '../../src/model/record/ids.ts';
import { allOf, anyOf } from '../../src/words/en/lists.ts';
import { bold, code, emphasised, plainText, say, separated, withCode } from '../../src/words/phrase.ts';

test('a sentence is built from words, values and phrases in order, and empty ones leave no trace', () => {
  assert.deepEqual(say`${code('a b')} has ${2} ${say`${bold('steps')}${''}`}.`, [
    { kind: 'code', text: 'a b' },
    { kind: 'text', text: ' has ' },
    { kind: 'text', text: '2' },
    { kind: 'text', text: ' ' },
    { kind: 'text', text: 'steps', bold: true },
    { kind: 'text', text: '.' },
  ]);
});

test('a list in a sentence has commas and “and” or “or” before its last item, and keeps the style of each item', () => {
  const list = (...names: string[]) => plainText(anyOf(names.map((name) => [code(name)])));
  assert.equal(list(), '');
  assert.equal(list('a'), 'a');
  assert.equal(list('a', 'b'), 'a or b');
  assert.equal(list('a', 'b', 'c'), 'a, b or c');
  assert.deepEqual(allOf([[code('0, 1 and 2')], say`b`]), [
    { kind: 'code', text: '0, 1 and 2' },
    { kind: 'text', text: ' and ' },
    { kind: 'text', text: 'b' },
  ]);
  assert.equal(plainText(separated([say`a`, say`b`], '; ')), 'a; b');
});

test('bold text leaves the Slack mentions in it unchanged', () => {
  const user = { kind: 'user', user: UserId.parse('U0BOB') } as const;
  assert.deepEqual(emphasised([code('x'), user]), [{ kind: 'code', text: 'x', bold: true }, user]);
});

test('commands in backticks are shown as code, and a single backtick is shown as it is', () => {
  assert.deepEqual(withCode('Run `a b`, then `c`.'), say`Run ${code('a b')}, then ${code('c')}.`);
  assert.deepEqual(withCode('it said ` once'), say`it said \` once`);
});
