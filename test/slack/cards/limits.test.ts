import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { ThreadMessage } from '../../../src/model/thread-message.ts';
import { parseBlocks } from '../../../src/playground/slack/blocks/parse-blocks.ts';
import type { Card } from '../../../src/slack/cards/card.ts';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { randomValue } from '../random-value.ts';
import { wholeThread } from '../scenario-messages.ts';

const RANDOM_MESSAGES = 400;
/** chat.update refuses longer text. */
const MAX_TEXT = 4_000;
/** The only markup that a text may hold: a person, a user group, a moment. */
const OWN_TOKENS = /<@[UW][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>|<!date\^\d+\^[^<>|]*\|[^<>|]*>/g;
const SHAPES = z.toJSONSchema(ThreadMessage, { io: 'input' });

test('every card of the incident is within the limits of Slack', () => {
  for (const message of wholeThread()) assertAcceptable(cardFor(message), message.kind);
});

test('every card is within the limits of Slack whatever the message holds', () => {
  const seed = seedOfRun();
  const random = new SeededRandom(seed);
  const kinds = new Set<string>();
  for (let round = 0; round < RANDOM_MESSAGES; round += 1) {
    const message = ThreadMessage.parse(randomValue(SHAPES, random, random.pick([3, 20, 70])));
    kinds.add(message.kind);
    assertAcceptable(cardFor(message), `RD_SEED=${seed} round ${round}: ${message.kind}`);
  }
  assert.equal(kinds.size, 6, 'each kind of message came up');
});

function assertAcceptable(card: Card, what: string): void {
  const sent: unknown = JSON.parse(JSON.stringify(card.blocks));
  const parsed = parseBlocks(sent);
  assert.deepEqual(parsed.kind === 'refused' ? parsed : null, null, what);
  assert.ok(card.text.length > 0 && card.text.length <= MAX_TEXT, `${what}: text of ${card.text.length} characters`);
  assert.doesNotMatch(card.text.replace(OWN_TOKENS, ''), /[<>\n]/, what);
  const json = JSON.stringify(sent);
  assert.doesNotMatch(json, /"type":"(mrkdwn|markdown|link|broadcast|channel|usergroup)"/, what);
}
