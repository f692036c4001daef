import { type MaintenanceWindow, WEEKDAYS } from '../../model/settings/quiet-settings.ts';

const DAY_MS = 86_400_000;

/** One time that a window is open. */
export type Opening = { readonly startMs: number; readonly endMs: number };

/**
 * The time at which the window is open now; null: it is closed. It begins at its time by the clocks of its zone, and
 * lasts its length whatever these clocks do meanwhile. A time that a clock skips is taken as if the clock had not been
 * changed yet; of a time that comes twice the first counts.
 */
export function openingAt(window: MaintenanceWindow, nowMs: number): Opening | null {
  const today = Math.floor(wallMs(window.zone, nowMs) / DAY_MS);
  const daysBack = Math.ceil(window.forMs / DAY_MS) + 1;
  for (let back = daysBack; back >= -1; back -= 1) {
    const midnight = (today - back) * DAY_MS;
    if (!isDay(window, midnight)) continue;
    const startMs = instantOf(window.zone, midnight + window.hour * 3_600_000 + window.minute * 60_000);
    const endMs = startMs + window.forMs;
    if (startMs <= nowMs && nowMs < endMs) return { startMs, endMs };
  }
  return null;
}

function isDay({ days }: MaintenanceWindow, midnight: number): boolean {
  const weekday = WEEKDAYS[new Date(midnight).getUTCDay()];
  return weekday !== undefined && days.includes(weekday);
}

/** The moment at which the clocks of the zone show this time, which is given as if it were UTC. */
function instantOf(zone: string, wall: number): number {
  const before = offsetMs(zone, wall - DAY_MS);
  const possible = [before, offsetMs(zone, wall + DAY_MS)].map((offset) => wall - offset);
  const shown = possible.filter((instant) => wallMs(zone, instant) === wall);
  return shown.length === 0 ? wall - before : Math.min(...shown);
}

function offsetMs(zone: string, instant: number): number {
  return wallMs(zone, instant) - instant;
}

/** What the clocks of the zone show, to the second, as if it were UTC. */
function wallMs(zone: string, instant: number): number {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const [year = 0, month = 1, day, hour, minute, second] = FIELDS.map((field) => parts.get(field));
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

const CLOCKS = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than using it a thousand times. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = CLOCKS.get(zone);
  if (known !== undefined) return known;
  const numeric = Object.fromEntries(FIELDS.map((field) => [field, 'numeric']));
  const made = new Intl.DateTimeFormat('en-US', { ...numeric, timeZone: zone, hourCycle: 'h23' });
  CLOCKS.set(zone, made);
  return made;
}
