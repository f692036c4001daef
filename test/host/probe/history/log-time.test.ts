import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LogClock, logClock, timedLine } from '../../../../src/host/probe/history/log-time.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;

function clockAt(taken: string, offset = '+0000', zone = 'UTC'): LogClock {
  return logClock(seconds(taken), offset, zone) ?? assert.fail();
}

/** Written, by the clock at which it was read, and the moment that it names; null for none. */
const CASES: readonly [line: string, clock: LogClock, at: string | null][] = [
  ['Nov  4 03:41:00 x', clockAt('2026-11-24T04:00:00Z'), '2026-11-04T03:41:00Z'],
  ['Nov 24 03:41:00 x', clockAt('2026-11-24T04:00:00Z'), '2026-11-24T03:41:00Z'],
  ['Dec 31 23:59:59 x', clockAt('2026-01-01T00:00:10Z'), '2025-12-31T23:59:59Z'],
  ['Jan  1 00:30:00 x', clockAt('2025-12-31T23:40:00Z', '+0100', 'none'), '2025-12-31T23:30:00Z'],
  ['Nov 24 12:00:00 x', clockAt('2026-11-24T04:00:00Z'), '2026-11-24T12:00:00Z'],
  ['Nov 26 12:00:00 x', clockAt('2026-11-24T04:00:00Z'), '2025-11-26T12:00:00Z'],
  ['Feb 29 12:00:00 x', clockAt('2025-02-20T04:00:00Z'), '2024-02-29T12:00:00Z'],
  ['Feb 29 12:00:00 x', clockAt('2027-03-20T04:00:00Z'), null],
  ['Nov 31 12:00:00 x', clockAt('2026-11-24T04:00:00Z'), null],
  ['Foo 24 12:00:00 x', clockAt('2026-11-24T04:00:00Z'), null],
  ['Nov 24 24:00:00 x', clockAt('2026-11-24T04:00:00Z'), null],
  ['Jun 30 23:59:60 x', clockAt('2026-11-24T04:00:00Z'), '2026-06-30T23:59:59Z'],
  ['Nov 24 03:41:00 x', clockAt('2026-11-24T04:00:00Z', '+0530', 'Asia/Kolkata'), '2026-11-23T22:11:00Z'],
  ['Jul 24 12:00:00 x', clockAt('2026-11-24T04:00:00Z', '+0100', 'Europe/Berlin'), '2026-07-24T10:00:00Z'],
  ['Jul 24 12:00:00 x', clockAt('2026-11-24T04:00:00Z', '+0100', 'no/zone'), '2026-07-24T11:00:00Z'],
  ['Jul 24 12:00:00 x', clockAt('2026-11-24T04:00:00Z', '-0300', 'Europe/Berlin'), '2026-07-24T15:00:00Z'],
  ['Oct 25 02:30:00 x', clockAt('2026-11-24T04:00:00Z', '+0100', 'Europe/Berlin'), '2026-10-25T01:30:00Z'],
  ['2026-11-24T03:41:00.123456+01:00 x', clockAt('2026-11-24T04:00:00Z'), '2026-11-24T02:41:00Z'],
  ['2026-11-24T03:41:00+0000 x', clockAt('2026-11-24T04:00:00Z', '+0100', 'Europe/Berlin'), '2026-11-24T03:41:00Z'],
  ['2026-11-24T03:41:00Z x', clockAt('2026-11-24T04:00:00Z'), '2026-11-24T03:41:00Z'],
  ['2026-11-24T03:41:00 x', clockAt('2026-11-24T04:00:00Z'), null],
  ['2026-11-24T03:41:00+9900 x', clockAt('2026-11-24T04:00:00Z'), null],
  ['2026-13-24 03:41:00 x', clockAt('2026-11-24T04:00:00Z'), null],
  ['2026-11-24 03:41:00 x', clockAt('2026-11-24T04:00:00Z', '+0100', 'Europe/Berlin'), '2026-11-24T02:41:00Z'],
  ['type=AVC msg=audit(1795492860.123:7): x', clockAt('2026-11-24T04:00:00Z'), '2026-11-24T04:01:00Z'],
  ['', clockAt('2026-11-24T04:00:00Z'), null],
  ['x', clockAt('2026-11-24T04:00:00Z'), null],
];

describe('the time of a log line', () => {
  for (const [line, clock, at] of CASES) {
    const zone = clock.zone?.resolvedOptions().timeZone ?? `${clock.offsetSeconds} s`;
    test(`the log line "${line}", read ${new Date(clock.takenAt * 1000).toISOString()} in ${zone}, is dated ${at}`, () => {
      const timed = timedLine(line, clock);
      assert.equal(timed?.at ?? null, at === null ? null : seconds(at));
    });
  }

  test('a log line without its time keeps the rest', () => {
    const clock = clockAt('2026-11-24T04:00:00Z');
    assert.equal(timedLine('Nov 24 03:41:00 git01 kernel: x', clock)?.rest, 'git01 kernel: x');
    assert.equal(timedLine('type=AVC msg=audit(1.2:3): avc: denied', clock)?.rest, 'type=AVC avc: denied');
  });
});

for (const [takenAt, offset] of [
  [Number.NaN, '+0000'],
  [1, ''],
  [1, '0000'],
  [1, '+2500'],
  [1, 'UTC'],
] as const) {
  test(`a host clock of ${takenAt} with the offset "${offset}" is rejected as invalid`, () =>
    assert.equal(logClock(takenAt, offset, 'UTC'), null));
}
