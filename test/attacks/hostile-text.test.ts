import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import { parseProbe } from '../../src/host/probe/parse-probe.ts';
import { HostName } from '../../src/model/record/ids.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';
import { assertShownSafely } from './assert-shown-safely.ts';
import { recordRealAnswer } from './real-answer.ts';

/**
 * Escapes for a terminal, control bytes, characters that turn text around, and Slack's markup, put into every place of a real
 * answer. Most answers are malformed then; what is still believed has to be shown as text.
 */

const NONCE = '0123456789abcdef0123456789abcdef';
const SEED = seedOfRun();
const PLACES = 500;
const EVIL = ['\u001b[2J\u001b]0;x\u0007', '\r\u009b31m\u0085', '\u202egpj\u2066\u200b', '<!channel> <@U0BOB>'];

describe('host text that a terminal, Slack or a reader would obey', {
  skip: skipUnless('linux', 'root', 'setpriv'),
}, () => {
  let answer: Buffer;
  before(async () => {
    answer = (await recordRealAnswer())(NONCE);
  });

  test('host text that a terminal, Slack or a reader would obey is shown as plain text wherever it is in the answer', () => {
    const random = new SeededRandom(SEED);
    let believed = 0;
    for (let round = 0; round < PLACES; round += 1) {
      const at = random.int(answer.length);
      const evil = Buffer.from(EVIL[round % EVIL.length] ?? '');
      const raw = Buffer.concat([answer.subarray(0, at), evil, answer.subarray(at)]);
      const parsed = parseProbe(raw, { nonce: NONCE, host: HostName.parse('git01') });
      if (parsed.kind !== 'facts') continue;
      believed += 1;
      assertShownSafely({ ...judgeFacts(parsed.facts), durationMs: 1 });
    }
    assert.ok(believed > 50, `${believed} of ${PLACES} were believed; RD_SEED=${SEED}`);
  });
});
