import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingAt } from '../../../src/incident/quiet/maintenance.ts';
import { type MaintenanceWindow, WEEKDAYS } from '../../../src/model/settings/quiet-settings.ts';

const HOUR_MS = 3_600_000;

function windowOf(change: Partial<MaintenanceWindow> = {}): MaintenanceWindow {
  const sunday = { hosts: [], every: 'Sun 02:30', days: ['Sun'], hour: 2, minute: 30 } as const;
  return { ...sunday, forMs: 2 * HOUR_MS, zone: 'Europe/Berlin', ...change };
}

const daily = windowOf({ days: WEEKDAYS });

/** [what, window, first moment in it, first moment after it] */
const OPENINGS: readonly (readonly [string, MaintenanceWindow, string, string])[] = [
  ['in winter', windowOf(), '2026-11-29T01:30:00Z', '2026-11-29T03:30:00Z'],
  ['in summer', windowOf(), '2026-07-05T00:30:00Z', '2026-07-05T02:30:00Z'],
  // On 2026-03-29 the clocks of Berlin go from 02:00 to 03:00: 02:30 is not shown.
  ['at a time that the clocks skip', windowOf(), '2026-03-29T01:30:00Z', '2026-03-29T03:30:00Z'],
  // On 2026-10-25 they go from 03:00 back to 02:00: 02:30 is shown twice.
  ['at a time that comes twice', windowOf(), '2026-10-25T00:30:00Z', '2026-10-25T02:30:00Z'],
  [
    'over a change of the clocks',
    windowOf({ days: ['Sat'], hour: 23, minute: 0, forMs: 6 * HOUR_MS }),
    '2026-03-28T22:00:00Z',
    '2026-03-29T04:00:00Z',
  ],
  [
    'in a zone far ahead of UTC',
    windowOf({ days: ['Mon'], hour: 0, minute: 15, zone: 'Pacific/Kiritimati' }),
    '2026-11-29T10:15:00Z',
    '2026-11-29T12:15:00Z',
  ],
  [
    'in a zone behind UTC',
    windowOf({ days: ['Sun'], hour: 23, minute: 0, zone: 'America/St_Johns' }),
    '2026-11-30T02:30:00Z',
    '2026-11-30T04:30:00Z',
  ],
  [
    'over several days',
    windowOf({ days: ['Fri'], hour: 18, minute: 0, forMs: 60 * HOUR_MS, zone: 'UTC' }),
    '2026-11-27T18:00:00Z',
    '2026-11-30T06:00:00Z',
  ],
  ['every day', daily, '2026-11-24T01:30:00Z', '2026-11-24T03:30:00Z'],
];

for (const [what, window, start, end] of OPENINGS) {
  test(`a window ${what} is open from its start until its length is over`, () => {
    const [startMs, endMs] = [Date.parse(start), Date.parse(end)];
    assert.equal(openingAt(window, startMs - 1), null);
    assert.deepEqual(openingAt(window, startMs), { startMs, endMs });
    assert.deepEqual(openingAt(window, endMs - 1), { startMs, endMs });
    assert.equal(openingAt(window, endMs), null);
  });
}

test('a daily window opens once on each day of a year, whatever the clocks do', () => {
  const starts = new Set<number>();
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += HOUR_MS) {
    const opening = openingAt(daily, at);
    if (opening !== null) starts.add(opening.startMs);
  }
  assert.equal(starts.size, 365);
});
