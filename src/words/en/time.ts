import { grouped } from '../moment.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time in the unit that a person would use: `0.4 s`, `12 s`, `4 minutes`, `2 hours 5 minutes`. */
export function duration(ms: number): string {
  if (ms < 10 * SECOND_MS) return `${(Math.max(ms, 0) / SECOND_MS).toFixed(1)} s`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return count(Math.floor(ms / MINUTE_MS), 'minute');
  if (ms < DAY_MS) return twoUnits(ms, HOUR_MS, 'hour', MINUTE_MS, 'minute');
  return twoUnits(ms, DAY_MS, 'day', HOUR_MS, 'hour');
}

const PLURALS = new Intl.PluralRules('en');

/** `1 minute`, `4 minutes`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${grouped(amount)} ${PLURALS.select(amount) === 'one' ? one : many}`;
}

function twoUnits(ms: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const bigAmount = Math.floor(ms / bigMs);
  const smallAmount = Math.floor((ms % bigMs) / smallMs);
  return smallAmount === 0 ? count(bigAmount, big) : `${count(bigAmount, big)} ${count(smallAmount, small)}`;
}
