import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { play } from '../../src/playground/play.ts';
import { QUESTION, REASON } from '../../src/words/en/playground.ts';
import { skipUnless } from '../support/requirements.ts';

test('the demo shows the reason of a rejected plan and ends with exit status 0', {
  skip: skipUnless('linux'),
}, async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  let said = '';
  output.setEncoding('utf8').on('data', (part: string) => {
    said += part;
    if (part.includes(QUESTION.trim())) input.write('n\n');
  });
  assert.equal(await play({ yes: false, input, output, locale: 'en' }), 0, said);
  assert.match(said, /Rejected by @bob/);
  assert.ok(said.includes(REASON), said);
});
