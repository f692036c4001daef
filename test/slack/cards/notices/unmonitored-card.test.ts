import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnmonitoredMessage } from '../../../../src/model/record/messages/status-message.ts';
import { cardFor } from '../../../../src/slack/cards/card-for.ts';
import { unmonitoredCard } from '../../../../src/slack/cards/notices/unmonitored-card.ts';
import { wordsFor } from '../../../../src/words/index.ts';
import { samplesOf } from '../../../support/facts/samples-of-schema.ts';
import { english } from '../../../support/words/english.ts';
import { assertChinese, assertSameValues } from '../../../support/words/translation.ts';
import { shownText } from '../../card-text.ts';
import { unmonitoredMessage } from '../../scenario-messages.ts';

const chinese = wordsFor('zh-Hans');

test('the message about a host that can’t be checked says since when, why, what to do and what is not known', () => {
  assert.equal(
    shownText(unmonitoredCard(unmonitoredMessage(), english)),
    'git01: I can’t check the registry · 143\n' +
      'Last check at 14:02 UTC, first failed one at 14:02 UTC. Unknown: whether the registry works.\n' +
      'Why: 10.0.0.5 port 22 did not answer within 10 s. Nothing was run. Check that the host is up and that no firewall is in the way: `ssh-keyscan -p 22 10.0.0.5` from the bot’s machine.\n' +
      'Next: run registry-doctor check on the bot’s machine, which says what fails. I keep trying, and say here when I can check it again.\n',
  );
});

test('the message about a host that could never be checked since the bot’s start says so', () => {
  const text = shownText(unmonitoredCard(unmonitoredMessage({ lastSeenAt: null, why: null }), english));
  assert.match(text, /^No check since the bot started, first failed one at 14:02 UTC\./m);
  assert.doesNotMatch(text, /Why:/);
});

test('the message about a host that can be checked again says since when, and does not call its registry healthy', () => {
  assert.equal(
    shownText(unmonitoredCard(unmonitoredMessage({ seenAgainAt: '2026-11-23T14:32:30.000Z' }), english)),
    'git01: I can check the registry again · 143\n' +
      'First check at 14:32 UTC, 30 minutes after the first failed one. If the registry is unhealthy, an incident of its own follows.\n',
  );
});

test('the Chinese message about a host that can’t be checked has the same values as the English one, for every reason', () => {
  for (const message of samplesOf(UnmonitoredMessage)) {
    const { unmonitored } = chinese;
    const phrases = [
      [unmonitored.unmonitoredTitle(message), english.unmonitored.unmonitoredTitle(message)],
      [unmonitored.unmonitoredSince(message), english.unmonitored.unmonitoredSince(message)],
      [unmonitored.unmonitoredCause(message), english.unmonitored.unmonitoredCause(message)],
      [unmonitored.unmonitoredAdvice(message), english.unmonitored.unmonitoredAdvice(message)],
      [unmonitored.unmonitoredSentence(message), english.unmonitored.unmonitoredSentence(message)],
    ] as const;
    for (const [translated, original] of phrases) assertSameValues(translated ?? [], original ?? []);
  }
  for (const change of [{}, { lastSeenAt: null }, { seenAgainAt: '2026-11-23T14:32:30.000Z' }]) {
    const { unmonitoredTitle, unmonitoredSince, unmonitoredCause, unmonitoredAdvice, unmonitoredSentence } =
      chinese.unmonitored;
    const message = unmonitoredMessage(change);
    for (const say of [unmonitoredTitle, unmonitoredSince, unmonitoredCause, unmonitoredAdvice, unmonitoredSentence]) {
      assertChinese(say(message) ?? []);
    }
    assert.ok(cardFor(message, chinese).blocks.length > 0);
  }
});
