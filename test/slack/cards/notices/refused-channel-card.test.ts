import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelId } from '../../../../src/model/record/ids.ts';
import type { ChannelRefusedNotice } from '../../../../src/model/record/messages/notices.ts';
import { cardFor } from '../../../../src/slack/cards/card-for.ts';
import { english } from '../../../support/words/english.ts';
import { shownText } from '../../card-text.ts';

const NOTICE: ChannelRefusedNotice = {
  kind: 'channel-refused',
  channel: ChannelId.parse('C0TEAM'),
  why: 'archived',
  act: 'post',
  since: '2026-11-29T14:02:00.000Z',
  waiting: 3,
  overAt: null,
};

test('a channel that takes nothing is told with the reason, how much waits for it since when, and what to do', () => {
  const card = cardFor(NOTICE, english);
  assert.equal(
    shownText(card),
    'I can’t post in : the channel is archived.\n' +
      '3 messages wait for it, the first since 14:02 UTC. Nothing is lost.\n' +
      'Unarchive the channel. I try again every minute, and post what waits in order.\n',
  );
  assert.match(JSON.stringify(card.blocks), /"channel_id":"C0TEAM"/);
  assert.equal(card.text, 'I can’t post in <#C0TEAM>: the channel is archived. 3 messages wait.');
});

test('a channel that takes messages again is told with the time for which it did not', () => {
  const card = cardFor({ ...NOTICE, overAt: '2026-11-29T15:02:00.000Z' }, english);
  assert.equal(
    shownText(card),
    'I can post again in : Slack refused it from 14:02 UTC to 15:02 UTC. What waited follows in order.\n',
  );
});
