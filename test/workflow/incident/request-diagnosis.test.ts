import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelId } from '../../../src/model/record/ids.ts';
import { joinOrOpen } from '../../../src/workflow/incident/request-diagnosis.ts';
import { ALICE, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';

const TEAM = ChannelId.parse('C0TEAM');
const OTHER = ChannelId.parse('C0OTHER');

const CASES = {
  'in the channel of the open incident joins it': { channel: CHANNEL, incidentChannel: OTHER, joins: true },
  'in another channel joins the one in the incident channel, and is told where that is': {
    ...{ channel: TEAM, incidentChannel: CHANNEL, joins: true, told: CHANNEL },
  },
  'in the incident channel opens one there if the other is in a channel that people here might not see': {
    ...{ channel: OTHER, incidentChannel: OTHER, joins: false },
  },
} as const;

for (const [what, { channel, incidentChannel, joins, ...rest }] of Object.entries(CASES)) {
  test(`a request for a host with an open incident ${what}`, async (t) => {
    const record = await openRecord(t);
    const { host, incidentId: open } = await record.propose();
    const asking = { askedBy: { kind: 'slack-user', ...ALICE }, requestKey: 'again', now: new Date() } as const;
    const asked = await record.opened.store.transact((tx) =>
      joinOrOpen(tx, { incidentChannel }, { host, channel }, asking),
    );
    assert.ok(asked.kind === 'diagnose');
    assert.deepEqual([asked.incident.id === open, asked.incident.channel], [joins, joins ? CHANNEL : channel]);
    const elsewhere = 'told' in rest ? { channel: rest.told } : {};
    assert.deepEqual(
      asked.answer,
      joins ? { kind: 'joined-incident', host, incidentId: open, ...elsewhere } : undefined,
    );
    if (!joins) return;
    const second = await record.opened.store.transact((tx) =>
      joinOrOpen(tx, { incidentChannel }, { host, channel }, { ...asking, requestKey: 'and again' }),
    );
    const answer = { kind: 'already-diagnosing', host, incidentId: open, ...elsewhere };
    assert.deepEqual(second, { kind: 'answer', answer });
  });
}
