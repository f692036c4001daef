import assert from 'node:assert/strict';
import { terminalStyle } from '../../src/cli/terminal/terminal-style.ts';
import type { Diagnosis } from '../../src/model/diagnosis/diagnosis.ts';
import type { ThreadMessage } from '../../src/model/record/messages/thread-message.ts';
import { cardFor } from '../../src/slack/cards/card-for.ts';
import type { Card } from '../../src/slack/cards/parts/card.ts';
import { diagnosisText } from '../../src/telling/text/diagnosis-text.ts';
import { statusMessage, verdictMessage } from '../slack/scenario-messages.ts';
import { english } from '../support/words/english.ts';

/** Controls but for line feed and tab, and what turns or hides text (Unicode TR 36). */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Nothing that a terminal, Slack or a reader's eye would obey is left in what is shown of the diagnosis. */
export function assertShownSafely(diagnosis: Diagnosis): void {
  assertPlain(diagnosisText(diagnosis, terminalStyle(false), null, english), 'the terminal');
  assertCardSafe(cardFor(verdictMessage(diagnosis), english), 'the verdict');
  assertCardSafe(cardFor(statusMessage({ diagnosis, plan: null }), english), 'the status');
}

/** The same of one message of the thread. */
export function assertMessageSafe(message: ThreadMessage): void {
  assertCardSafe(cardFor(message, english), message.kind);
}

function assertCardSafe(card: Card, what: string): void {
  assertPlain(card.text, what);
  assert.doesNotMatch(card.text, /<!/, what);
  for (const text of stringsIn(card.blocks)) assertPlain(text, what);
  assert.doesNotMatch(JSON.stringify(card.blocks), /"type":"(mrkdwn|markdown|broadcast)"/, what);
}

function assertPlain(text: string, what: string): void {
  const rest = text.replace(/[\n\t]/g, '');
  assert.equal(OBEYED.test(rest), false, `${what}: ${JSON.stringify(rest)}`);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
