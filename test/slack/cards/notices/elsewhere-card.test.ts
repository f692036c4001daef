import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelId, GroupId, HostName, IncidentId } from '../../../../src/model/record/ids.ts';
import type { ElsewhereNotice } from '../../../../src/model/record/messages/notices.ts';
import { cardFor } from '../../../../src/slack/cards/card-for.ts';
import { english } from '../../../support/words/english.ts';
import { shownText } from '../../card-text.ts';

const NOTICE: ElsewhereNotice = {
  kind: 'incident-elsewhere',
  host: HostName.parse('git01'),
  incidentId: IncidentId.parse(142),
  channel: ChannelId.parse('C0TEAM'),
  noticedBy: { kind: 'bot', part: 'watch' },
  at: '2026-11-29T14:02:00.000Z',
  onCall: { users: [], groups: [GroupId.parse('S0ONCALL')], isQuiet: false },
};

test('a fault of a host whose incident is in another channel is told with that channel, who noticed it, who is on call and how to have it here', () => {
  const card = cardFor(NOTICE, english);
  assert.equal(
    shownText(card),
    'git01: monitoring noticed a fault at 14:02 UTC.\n' +
      'Its incident 142 is open in . I didn’t open another.\n' +
      'On call: \n' +
      'Run /registry diagnose git01 here to open an incident in this channel. That replaces a plan that waits in .\n',
  );
  const blocks = JSON.stringify(card.blocks);
  assert.match(blocks, /"channel_id":"C0TEAM"/);
  assert.match(blocks, /"usergroup_id":"S0ONCALL"/);
  assert.equal(card.text, 'git01: monitoring noticed a fault. Its incident 142 is open in <#C0TEAM>.');
});

test('without anyone on call, the message about an incident in another channel mentions no one', () => {
  const { onCall: _, ...rest } = NOTICE;
  assert.doesNotMatch(shownText(cardFor(rest, english)), /On call/);
});
