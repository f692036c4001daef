import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostName } from '../../../src/model/record/ids.ts';
import type { MuteSummary } from '../../../src/model/record/thread-message.ts';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import { english } from '../../support/english.ts';
import { shownText } from '../card-text.ts';
import { ALICE } from '../scenario-messages.ts';

const line = (name: string, change: Partial<MuteSummary['hosts'][number]> = {}): MuteSummary['hosts'][number] => ({
  ...{ host: HostName.parse(name), faults: 0, alerts: 0, firstAt: null, isStillBroken: false },
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
    /^git01 is no longer muted\nMuted by .*: “disk <!channel> swap”\.\ngit01: nothing happened\.\n$/,
  );
  assert.equal(card.text, 'git01 is no longer muted. Still broken: none.');
});

test('a window of many hosts is told of thirty, and the others are counted', () => {
  const hosts = Array.from({ length: 40 }, (_, index) => line(`git${index}`, { alerts: 1, firstAt: FIRST }));
  assert.match(shownText(cardFor(summary({ hosts }), english)), /… 10 more lines not shown here\n$/);
});
