import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINES_A_SCREEN, sizeOf, sizeUntilApprove } from '../../support/slack/thread-size.ts';
import { incidentDiagnosis, planMessage, verdictMessage, wellAgainMessage } from '../scenario-messages.ts';

const MAX_SCREENS = 1.8;
const MAX_WORDS = 250;

test('on a phone the Approve button comes within 1.8 screens and 250 words of an incident’s thread', () => {
  const { lines, words } = sizeUntilApprove([verdictMessage(), planMessage('proposed')]);
  assert.ok(lines <= MAX_SCREENS * LINES_A_SCREEN, `${lines} lines, ${LINES_A_SCREEN} a screen`);
  assert.ok(words <= MAX_WORDS, `${words} words`);
});

test('the card of a fix that worked shows at most 50 words', () => {
  const { words } = sizeOf(wellAgainMessage());
  assert.ok(words <= 50, `${words} words`);
});

test('the thread length that these tests measure grows with a longer diagnosis', () => {
  const diagnosis = incidentDiagnosis();
  const warning = { id: 'health-check-off', severity: 'warning', proof: 'evaluated', path: null } as const;
  const longer = verdictMessage({ ...diagnosis, findings: [...diagnosis.findings, warning] });
  const short = sizeUntilApprove([verdictMessage(), planMessage('proposed')]);
  const long = sizeUntilApprove([longer, planMessage('proposed')]);
  assert.ok(long.lines > short.lines && long.words > short.words);
});
