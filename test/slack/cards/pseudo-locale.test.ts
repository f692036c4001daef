import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelId } from '../../../src/model/record/ids.ts';
import { parseBlocks } from '../../../src/playground/slack/blocks/parse-blocks.ts';
import { ModalView } from '../../../src/playground/slack/blocks/view.ts';
import { charactersIn, MESSAGE_BUDGET } from '../../../src/slack/blocks/folds.ts';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import { formFor } from '../../../src/slack/requests/forms/form-for.ts';
import { outsideCatalogue, pseudo } from '../../support/words/pseudo-locale.ts';
import { executionMessage, incidentPlan, planMessage, staleOutcome, wholeThread } from '../scenario-messages.ts';

const MESSAGES = [
  ...wholeThread(),
  executionMessage(staleOutcome(), incidentPlan()),
  planMessage('rejected'),
  planMessage('expired'),
];

for (const [index, message] of MESSAGES.entries()) {
  const name = `message ${index + 1} (${message.kind})`;
  const card = cardFor(message, pseudo);

  test(`the card ${name} stays within Slack's limits in a language with longer words`, () => {
    const parsed = parseBlocks(JSON.parse(JSON.stringify(card.blocks)));
    assert.deepEqual(parsed.kind === 'refused' ? parsed : null, null);
    assert.ok(charactersIn(card.blocks) <= MESSAGE_BUDGET, `${charactersIn(card.blocks)} characters`);
  });

  test(`the card ${name} has only text from the words catalogue`, () => {
    const said = [card.text.replace(MENTIONS, ''), ...textsIn(card.blocks)];
    assert.deepEqual(
      said.filter((text) => WORDS.test(outsideCatalogue(text))),
      [],
    );
  });
}

/** People, groups and moments as a message's text has them. */
const MENTIONS = /<[@!#][^<>]*>/g;
/** Names and numbers stand for themselves; two words are a phrase. */
const WORDS = /\p{L}{2,} \p{L}{2,}|\p{L}{3,}[.:;]( |$)/u;

/** All texts of a card but code, and the rows and commands in a fixed-width font. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'rich_text_preformatted') return [];
  if ('style' in value && typeof value.style === 'object' && value.style !== null && 'code' in value.style) return [];
  const own = 'text' in value && typeof value.text === 'string' ? [value.text] : [];
  return [...own, ...Object.values(value).flatMap(textsIn)];
}

test('the form that asks for a reason stays within Slack’s limits in a language with longer words', () => {
  const origin = {
    planId: '142-1',
    planHash: incidentPlan().hash,
    channel: ChannelId.parse('C0INCIDENTS'),
    responseUrl: 'http://x',
    threadTs: null,
  };
  const form = formFor({ kind: 'ask-reason', plan: incidentPlan() }, origin, pseudo);
  assert.equal(ModalView.safeParse(form).error, undefined);
});
