/** What is needed to read a time without a zone or a year. */
export type LogClock = {
  /** The host's clock when the log was read. */
  readonly takenAt: number;
  /** Seconds east of UTC at that moment. */
  readonly offsetSeconds: number;
  /** The zone's IANA name, if the host's zone is known here. It includes summer time. */
  readonly zone: Intl.DateTimeFormat | null;
};

export type TimedLine = { readonly at: number; readonly rest: string };

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_SECONDS = 86_400;

const SYSLOG = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (.*)$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d):(\d\d)(?:[.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)? (.*)$/;
const AUDIT = /^(type=\w{1,32} )(?:node=\S{1,64} )?msg=audit\((\d{1,12})\.\d{1,6}:\d+\): (.*)$/;

/** The host's clock, from its zone name and its offset (`+0100`) at this moment. Null if they are invalid. */
export function logClock(takenAt: number, offset: string, zoneName: string): LogClock | null {
  const offsetSeconds = offsetOf(offset);
  if (offsetSeconds === null || !Number.isSafeInteger(takenAt)) return null;
  const zone = formatOf(zoneName);
  // A zone that contradicts the host's own offset is not the host's.
  const isTheHosts = zone !== null && offsetIn(zone, takenAt) === offsetSeconds;
  return { takenAt, offsetSeconds, zone: isTheHosts ? zone : null };
}

/**
 * Splits the time off a log line: RFC 5424 and ISO 8601, syslog's `Nov  4 03:41:00` (RFC 3164 has no year and no zone,
 * so it is the last such moment before the log was read), dpkg's local time, and auditd's. Null: no readable time.
 */
export function timedLine(line: string, clock: LogClock): TimedLine | null {
  const iso = ISO.exec(line);
  if (iso) return isoLine(iso, clock);
  const syslog = SYSLOG.exec(line);
  if (syslog) return syslogLine(syslog, clock);
  const [, type = '', seconds, rest = ''] = AUDIT.exec(line) ?? [];
  return seconds === undefined ? null : { at: Number(seconds), rest: `${type}${rest}` };
}

function isoLine(
  [, year, month, day, between, hour, minute, second, offset, rest = '']: RegExpExecArray,
  clock: LogClock,
) {
  const wall = wallSeconds(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second));
  if (wall === null) return null;
  if (offset === undefined) return between === ' ' ? { at: fromWall(wall, clock), rest } : null;
  const offsetSeconds = offsetOf(offset);
  return offsetSeconds === null ? null : { at: wall - offsetSeconds, rest };
}

function syslogLine([, monthName = '', day, hour, minute, second, rest = '']: RegExpExecArray, clock: LogClock) {
  const month = MONTHS.indexOf(monthName) + 1;
  const thisYear = new Date((clock.takenAt + clock.offsetSeconds) * 1000).getUTCFullYear();
  for (const year of [thisYear + 1, thisYear, thisYear - 1]) {
    const wall = wallSeconds(year, month, Number(day), Number(hour), Number(minute), Number(second));
    const at = wall === null ? null : fromWall(wall, clock);
    // A clock that was ahead for a while can leave lines dated a little after now.
    if (at !== null && at <= clock.takenAt + DAY_SECONDS) return { at, rest };
  }
  return null;
}

/**
 * The seconds since 1970 if the wall clock showed UTC. A leap second counts as the second before. Null for an invalid
 * day or hour.
 */
function wallSeconds(year: number, month: number, day: number, hour: number, minute: number, second: number) {
  if (year < 1970 || hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59)));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / 1000 : null;
}

/**
 * The moment at which the host's wall clock showed this. In the hour that is repeated when summer time ends, the later
 * one.
 */
function fromWall(wall: number, { offsetSeconds, zone }: LogClock): number {
  if (zone === null) return wall - offsetSeconds;
  const guess = wall - (offsetIn(zone, wall - offsetSeconds) ?? offsetSeconds);
  return wall - (offsetIn(zone, guess) ?? offsetSeconds);
}

/** `+0100`, `+01:00`, `Z` in seconds. */
function offsetOf(text: string): number | null {
  if (text === 'Z') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

function formatOf(zoneName: string): Intl.DateTimeFormat | null {
  if (!/^[A-Za-z][A-Za-z0-9+_/-]{0,63}$/.test(zoneName)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zoneName, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The zone's offset at a moment, in seconds. */
function offsetIn(zone: Intl.DateTimeFormat, at: number): number | null {
  const name = zone.formatToParts(at * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return name === 'GMT' ? 0 : offsetOf(name.replace('GMT', ''));
}
