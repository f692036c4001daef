import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isQuiet } from '../../../src/incident/quiet/quiet-hours.ts';

const NIGHT = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' };
const NOON = { from: '12:00', to: '13:30', zone: 'Asia/Kolkata' };

/** Berlin is at +02:00 in summer and +01:00 in winter; Kolkata at +05:30. */
const CASES: readonly [what: string, hours: typeof NIGHT, at: string, quiet: boolean][] = [
  ['the minute before they begin', NIGHT, '2026-07-01T19:59:59Z', false],
  ['the minute in which they begin', NIGHT, '2026-07-01T20:00:00Z', true],
  ['midnight', NIGHT, '2026-07-01T22:00:00Z', true],
  ['their last minute', NIGHT, '2026-07-02T04:59:59Z', true],
  ['the minute in which they end', NIGHT, '2026-07-02T05:00:00Z', false],
  ['noon', NIGHT, '2026-07-02T10:00:00Z', false],
  ['the same moment of the day in winter before they begin', NIGHT, '2026-12-01T20:00:00Z', false],
  ['an hour later by UTC in winter', NIGHT, '2026-12-01T21:00:00Z', true],
  ['the last morning of winter time, after seven by summer time', NIGHT, '2026-03-29T05:00:00Z', false],
  ['the last morning of winter time, before seven by summer time', NIGHT, '2026-03-29T04:59:00Z', true],
  ['the hour that comes twice in autumn, first time', NIGHT, '2026-10-25T00:30:00Z', true],
  ['the hour that comes twice in autumn, second time', NIGHT, '2026-10-25T01:30:00Z', true],
  ['seven by the clock after that night', NIGHT, '2026-10-25T06:00:00Z', false],
  ['hours within one day, before them', NOON, '2026-07-01T06:29:00Z', false],
  ['hours within one day, in them', NOON, '2026-07-01T06:30:00Z', true],
  ['hours within one day, after them', NOON, '2026-07-01T08:00:00Z', false],
  ['hours that end at midnight', { ...NIGHT, to: '00:00', zone: 'UTC' }, '2026-07-01T23:59:00Z', true],
  ['midnight after hours that end then', { ...NIGHT, to: '00:00', zone: 'UTC' }, '2026-07-02T00:00:00Z', false],
  ['midnight of hours that begin then', { from: '00:00', to: '06:00', zone: 'UTC' }, '2026-07-02T00:00:00Z', true],
];

for (const [what, hours, at, quiet] of CASES) {
  test(`${hours.from} to ${hours.to} in ${hours.zone}: ${what} is ${quiet ? '' : 'not '}quiet`, () => {
    assert.equal(isQuiet(hours, new Date(at)), quiet);
  });
}
