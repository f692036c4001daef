import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nightDue, untilNextNightMs } from '../../../src/incident/watch/nightly.ts';
import type { NightlyTime } from '../../../src/model/settings/settings.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const timeOf = (at: string, zone: string): NightlyTime => {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  return { hour, minute, zone };
};

/** When the look of a night begins, found as the bot finds it: by waiting for it from the evening before. */
function beginOf(time: NightlyTime, evening: string): string {
  const before = new Date(evening);
  return new Date(before.getTime() + untilNextNightMs(time, before)).toISOString();
}

/** Evening before, zone, time of day, and the moment that is expected. */
const NIGHTS: readonly (readonly [string, string, string, string, string])[] = [
  ['a zone without summer time', '2026-11-28T20:00:00Z', 'UTC', '03:00', '2026-11-29T03:00:00.000Z'],
  ['winter', '2026-11-28T20:00:00Z', 'Europe/Berlin', '03:00', '2026-11-29T02:00:00.000Z'],
  ['summer', '2026-07-01T20:00:00Z', 'Europe/Berlin', '03:00', '2026-07-02T01:00:00.000Z'],
  ['the night in which summer begins', '2026-03-28T20:00:00Z', 'Europe/Berlin', '03:00', '2026-03-29T01:00:00.000Z'],
  ['a time that this night skips', '2026-03-28T20:00:00Z', 'Europe/Berlin', '02:30', '2026-03-29T01:30:00.000Z'],
  ['a time before the skip', '2026-03-28T20:00:00Z', 'Europe/Berlin', '01:59', '2026-03-29T00:59:00.000Z'],
  ['the night in which summer ends', '2026-10-24T20:00:00Z', 'Europe/Berlin', '03:00', '2026-10-25T02:00:00.000Z'],
  ['a time that this night has twice', '2026-10-24T20:00:00Z', 'Europe/Berlin', '02:30', '2026-10-25T00:30:00.000Z'],
  ['a zone west of Greenwich', '2026-11-29T01:00:00Z', 'America/New_York', '23:30', '2026-11-29T04:30:00.000Z'],
  ['a skip west of Greenwich', '2026-03-08T00:00:00Z', 'America/New_York', '02:15', '2026-03-08T07:15:00.000Z'],
  ['a skip at midnight', '2026-03-27T12:00:00Z', 'Asia/Beirut', '00:30', '2026-03-27T22:30:00.000Z'],
  ['a zone that is half an hour off', '2026-11-28T12:00:00Z', 'Asia/Kolkata', '03:00', '2026-11-28T21:30:00.000Z'],
  ['a change of half an hour', '2026-10-03T12:00:00Z', 'Australia/Lord_Howe', '02:10', '2026-10-03T15:40:00.000Z'],
  ['a zone that is a day ahead', '2026-11-28T00:00:00Z', 'Pacific/Kiritimati', '00:00', '2026-11-28T10:00:00.000Z'],
  ['the turn of the year', '2026-12-31T20:00:00Z', 'Asia/Shanghai', '05:00', '2026-12-31T21:00:00.000Z'],
  ['a leap day', '2028-02-28T23:00:00Z', 'UTC', '00:00', '2028-02-29T00:00:00.000Z'],
];

describe('the nightly look', () => {
  for (const [what, evening, zone, at, expected] of NIGHTS) {
    test(`begins at ${at} in ${zone}: ${what}`, () => {
      assert.equal(beginOf(timeOf(at, zone), evening), expected);
    });
  }

  test('is due from its moment on for two hours, and not a minute earlier or later', () => {
    const time = timeOf('03:00', 'Europe/Berlin');
    const due = (at: string) => nightDue(time, new Date(at))?.date ?? null;
    assert.equal(due('2026-11-29T01:59:59Z'), null);
    assert.equal(due('2026-11-29T02:00:00Z'), '2026-11-29');
    assert.equal(due('2026-11-29T04:00:00Z'), '2026-11-29');
    assert.equal(due('2026-11-29T04:00:01Z'), null);
  });

  test('has the date that the zone shows, also where that is another day than in UTC', () => {
    const inZone = (zone: string, at: string) => nightDue(timeOf('03:00', zone), new Date(at))?.date;
    assert.equal(inZone('Asia/Shanghai', '2026-11-28T19:30:00Z'), '2026-11-29');
    assert.equal(inZone('America/Los_Angeles', '2026-11-29T11:30:00Z'), '2026-11-29');
    assert.equal(nightDue(timeOf('23:30', 'America/New_York'), new Date('2026-11-29T05:00:00Z'))?.date, '2026-11-28');
  });

  test('comes once for each date, 23 to 25 hours apart, in any zone and at any time', () => {
    const seed = seedOfRun();
    const random = new SeededRandom(seed);
    const zones = NIGHTS.map(([, , zone]) => zone);
    for (let round = 0; round < 20; round += 1) {
      const time = { hour: random.int(24), minute: random.int(60), zone: random.pick(zones) };
      const what = `RD_SEED=${seed} ${JSON.stringify(time)}`;
      let now = new Date('2026-01-01T00:00:00Z');
      const dates: string[] = [];
      let before: number | null = null;
      while (now.getTime() < Date.parse('2027-01-01T00:00:00Z')) {
        now = new Date(now.getTime() + untilNextNightMs(time, now));
        const night = nightDue(time, now);
        assert.equal(night?.at.getTime(), now.getTime(), what);
        dates.push(night?.date ?? '');
        const apart: number = before === null ? 24 * HOUR_MS : now.getTime() - before;
        assert.ok(
          apart >= 23 * HOUR_MS && apart <= 25 * HOUR_MS,
          `${what}: ${apart / HOUR_MS} h before ${dates.at(-1)}`,
        );
        before = now.getTime();
      }
      assert.equal(new Set(dates).size, dates.length, `${what}: no date twice`);
      assert.ok(dates.length >= 365, `${what}: ${dates.length} nights`);
    }
  });
});
