import type { QuietHours } from '../../model/settings/settings.ts';

/**
 * Whether these hours hold at that moment, by the wall clock of their zone: the first minute counts, the last does not.
 * With `from` later than `to` they span midnight.
 */
export function isQuiet({ from, to, zone }: QuietHours, at: Date): boolean {
  const time = wallClock(at, zone);
  return from < to ? from <= time && time < to : from <= time || time < to;
}

/** `22:05`. */
function wallClock(at: Date, timeZone: string): string {
  const form = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return form.format(at);
}
