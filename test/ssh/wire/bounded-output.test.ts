import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BoundedOutput } from '../../../src/ssh/wire/bounded-output.ts';

describe('output of a host that is kept up to a limit', () => {
  const cases: [what: string, chunks: string[], kept: string, truncated: boolean][] = [
    ['is empty at first', [], '', false],
    ['keeps all that fits', ['abc', 'de'], 'abcde', false],
    ['is not truncated by the very last byte that fits', ['abcde', ''], 'abcde', false],
    ['cuts inside a chunk', ['abc', 'defg'], 'abcde', true],
    ['throws whole chunks away after the limit', ['abcde', 'f', 'g'], 'abcde', true],
  ];
  for (const [what, chunks, kept, truncated] of cases) {
    test(`output of a host that is kept up to a limit ${what}`, () => {
      const output = new BoundedOutput(5);
      for (const chunk of chunks) output.add(Buffer.from(chunk));
      assert.equal(Buffer.from(output.bytes()).toString(), kept);
      assert.equal(output.truncated, truncated);
      assert.equal(output.received, chunks.join('').length);
    });
  }
});
