import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostName, IncidentId } from '../../../../src/model/record/ids.ts';
import type { MuteNotice, MuteSummary } from '../../../../src/model/record/messages/notices.ts';
import { cardFor } from '../../../../src/slack/cards/card-for.ts';
import { english } from '../../../support/words/english.ts';
import { shownText } from '../../card-text.ts';
import { ALICE } from '../../scenario-messages.ts';

const line = (name: string, change: Partial<MuteSummary['hosts'][number]> = {}): MuteSummary['hosts'][number] => ({
  ...{ host: HostName.parse(name), faults: 0, alerts: 0, firstAt: null, isStillBroken: false },
  ...{ notChecked: null, openIncident: null },
  ...change,
});
const FIRST = '2026-11-29T02:10:00.000Z';
const summary = (change: Partial<MuteSummary>): MuteSummary => ({
  kind: 'mute-summary',
  source: { kind: 'window', every: 'Sun 02:00', zone: 'Europe/Berlin' },
  since: '2026-11-29T01:00:00.000Z',
  endedAt: '2026-11-29T03:00:00.000Z',
  hosts: [line('git01')],
  ...change,
});

test('the beginning of a person’s mute says who muted the host, until when, why and how to end it', () => {
  const source = { kind: 'person', by: ALICE, reason: 'disk <!channel> swap' } as const;
  const notice: MuteNotice = { kind: 'mute-notice', host: HostName.parse('git01'), source, until: FIRST };
  const card = cardFor(notice, english);
  assert.match(
    shownText(card),
    /^git01 is muted until 2026-11-29 02:10 UTC\nMuted by .*: “disk <!channel> swap”\. I post nothing of it on my own and sum up at the end\.\n\/registry unmute git01 ends it\.\n$/,
  );
  assert.match(card.text, /^git01 is muted until <!date.*\|2026-11-29 02:10 UTC>\.$/);
});

test('the end of a maintenance window tells of each host what happened, and what is not over', () => {
  const hosts = [
    line('git01', { faults: 2, alerts: 1, firstAt: FIRST }),
    line('git02', { faults: 1, firstAt: FIRST, isStillBroken: true }),
  ];
  const card = cardFor(summary({ hosts }), english);
  assert.equal(
    shownText(card),
    '2 hosts are no longer muted\n' +
      'Maintenance window Sun 02:00 (Europe/Berlin), from 2026-11-29 01:00 UTC to 2026-11-29 03:00 UTC.\n' +
      'git01: unhealthy 2 times, 1 alert, first at 02:10 UTC. Over.\n' +
      'git02: unhealthy 1 time, first at 02:10 UTC. Not over: if it lasts, an incident follows.\n',
  );
  assert.equal(card.text, '2 hosts are no longer muted. Still broken: 1 host.');
});

test('the end of a person’s mute says who muted the host and why, also if nothing happened', () => {
  const source = { kind: 'person', by: ALICE, reason: 'disk <!channel> swap' } as const;
  const card = cardFor(summary({ source }), english);
  assert.match(
    shownText(card),
    /^git01 is no longer muted\nMuted by .*: “disk <!channel> swap”\.\ngit01: I noticed nothing\.\n$/,
  );
  assert.equal(card.text, 'git01 is no longer muted. Still broken: none.');
});

test('the end of a mute names an open incident, and a host that could not be checked', () => {
  const incident = { openIncident: IncidentId.parse(7), isStillBroken: true };
  const hosts = [
    line('git01', incident),
    line('git02', { faults: 1, firstAt: FIRST, ...incident }),
    line('git03', { notChecked: { since: FIRST, isOver: false } }),
    line('git04', { alerts: 1, firstAt: FIRST, notChecked: { since: FIRST, isOver: true } }),
  ];
  const card = cardFor(summary({ hosts }), english);
  assert.deepEqual(shownText(card).split('\n').slice(2), [
    'git01: Incident 7 is open.',
    'git02: unhealthy 1 time, first at 02:10 UTC. Incident 7 is open.',
    'git03: I have not been able to check it since 02:10 UTC.',
    'git04: 1 alert, first at 02:10 UTC. Over. I couldn’t check it for some time, first at 02:10 UTC.',
    '',
  ]);
  assert.equal(card.text, '4 hosts are no longer muted. Still broken: 2 hosts. Not checked: 1 host.');
});

test('a window of many hosts is told of thirty, and the others are counted', () => {
  const hosts = Array.from({ length: 40 }, (_, index) => line(`git${index}`, { alerts: 1, firstAt: FIRST }));
  assert.match(shownText(cardFor(summary({ hosts }), english)), /… 10 more lines not shown here\n$/);
});
