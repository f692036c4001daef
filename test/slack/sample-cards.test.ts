import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupId, UserId } from '../../src/model/record/ids.ts';
import { cardFor } from '../../src/slack/cards/card-for.ts';
import { sampleCards } from '../../src/slack/sample-cards.ts';
import { wordsFor } from '../../src/words/index.ts';
import { english } from '../support/words/english.ts';
import { planMessage, statusMessage, verdictMessage, wholeThread } from './scenario-messages.ts';

const PEOPLE = { users: [UserId.parse('U0BOB'), UserId.parse('U0CAROL')], groups: [GroupId.parse('S0APPROVERS')] };

test('the sample cards have every kind of block, text and field that the cards of an incident have', () => {
  const real = [...wholeThread(), statusMessage(), verdictMessage(), planMessage()];
  for (const words of [english, wordsFor('zh-Hans')]) {
    const sampled = new Set(sampleCards(PEOPLE, words).flatMap(({ blocks }) => fieldsIn(blocks)));
    const missing = real
      .flatMap((message) => fieldsIn(cardFor(message, words).blocks))
      .filter((one) => !sampled.has(one));
    assert.deepEqual([...new Set(missing)], []);
    for (const one of ['button.confirm', 'button.style', 'user.user_id', 'usergroup.usergroup_id', 'table.rows']) {
      assert.ok(sampled.has(one), one);
    }
  }
});

test('the sample cards mention people of the config, or Slackbot if it names no one', () => {
  assert.deepEqual(mentionsIn(sampleCards(PEOPLE, english)), ['U0BOB', 'S0APPROVERS']);
  assert.deepEqual(mentionsIn(sampleCards({ users: [], groups: [] }, english)), ['USLACKBOT']);
});

function mentionsIn(cards: ReturnType<typeof sampleCards>): string[] {
  const said = JSON.stringify(cards.map(({ blocks }) => blocks));
  return [...new Set([...said.matchAll(/"(?:user|usergroup)_id":"(\w+)"/g)].map(([, id = '']) => id))];
}

/** Each field at any depth, under the nearest type that it belongs to. */
function fieldsIn(value: unknown, above = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => fieldsIn(one, above));
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value ? String(value.type) : above;
  return Object.entries(value).flatMap(([field, inner]) => [`${own}.${field}`, ...fieldsIn(inner, `${own}.${field}`)]);
}
