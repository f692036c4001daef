import type { NightlyTime } from '../../model/settings/settings.ts';

/** One night of the schedule: its date in the zone, and the moment at which its look is due. */
export type Night = { readonly date: string; readonly at: Date };

/** A night that was missed by more than this is left out. Its look would come by day, and say little of the night. */
const LATEST_MS = 2 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** The night whose look is due now, if it was not made yet. Null: none is. */
export function nightDue(time: NightlyTime, now: Date): Night | null {
  const last = nightsAround(time, now).findLast(({ at }) => at <= now);
  return last !== undefined && now.getTime() - last.at.getTime() <= LATEST_MS ? last : null;
}

/** How long until the next look is due, in milliseconds. */
export function untilNextNightMs(time: NightlyTime, now: Date): number {
  const next = nightsAround(time, now).find(({ at }) => at > now);
  return next === undefined ? DAY_MS : next.at.getTime() - now.getTime();
}

/** The nights of yesterday, today and the two days that follow, by the date in the zone. */
function nightsAround(time: NightlyTime, now: Date): readonly Night[] {
  const today = wallClock(time.zone, now.getTime());
  return [-1, 0, 1, 2].map((days) => {
    const date = new Date(today + days * DAY_MS).toISOString().slice(0, 10);
    return { date, at: momentOf(date, time) };
  });
}

/**
 * The moment at which clocks in the zone show this time of day. If they show it twice, the first one. If they skip it,
 * as long after the skip as the time is after its begin: 02:30 becomes 03:30.
 */
function momentOf(date: string, { hour, minute, zone }: NightlyTime): Date {
  const wanted = Date.parse(`${date}T00:00:00Z`) + (hour * 60 + minute) * 60_000;
  const offsets = [-DAY_MS, DAY_MS].map((away) => wallClock(zone, wanted + away) - (wanted + away));
  const moments = offsets.map((offset) => wanted - offset).sort((a, b) => a - b);
  const shown = moments.find((moment) => wallClock(zone, moment) === wanted);
  return new Date(shown ?? wanted - (offsets[0] ?? 0));
}

/** What clocks in the zone show at a moment, in whole minutes, as if it were UTC. */
function wallClock(zone: string, moment: number): number {
  const parts = formatOf(zone).formatToParts(moment);
  const [year = 0, month = 1, ...rest] = FIELDS.map((field) => Number(parts.find(({ type }) => type === field)?.value));
  return Date.UTC(year, month - 1, ...rest);
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute'] as const;
const FORMATS = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone);
  if (known) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'iso8601', hourCycle: 'h23', ...numeric });
  FORMATS.set(timeZone, made);
  return made;
}
