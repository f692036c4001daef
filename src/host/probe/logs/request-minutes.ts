import { absent, type Fact, known, unknown } from '../../../model/fact.ts';
import { COUNTED_MINUTES, type LoggedAccess, type RequestMinute } from '../../../model/host/registry-logs.ts';
import { countedKind, type LogFile, type SentMinute } from './log-files.ts';
import { readLogLine } from './read-log-line.ts';
import { fromApache, fromRfc3339 } from './registry-timestamps.ts';

const MINUTE_SECONDS = 60;

type Minute = RequestMinute & { readonly served: number; readonly kind: SentMinute['kind'] };

/**
 * The requests of the last minutes before `takenAt`, the host's time of the probe. Other times are left out, also those
 * in the future.
 */
export function requestMinutes(files: readonly LogFile[], takenAt: number): Fact<RequestMinute[]> {
  const sent = files.flatMap(({ minutes }) => minutes);
  const read = files.flatMap(minutesOf);
  if (read.length === 0) return sent.length === 0 ? absent : unknown('not-understood');
  const recent = read.filter(({ at }) => isCounted(at, takenAt));
  if (recent.length === 0) return absent;
  return tellsOnlyFailures(recent) ? unknown('only-failures-logged') : known(joined(recent));
}

function minutesOf(file: LogFile): Minute[] {
  const counted = file.minutes.filter(({ kind }) => kind === countedKind(file));
  return counted.flatMap(({ kind, requests, failed, served, first, time }) => {
    const at = fromApache(time) ?? fromRfc3339(time);
    return at === null ? [] : [{ kind, at, requests, failed, served, firstFailed: failedAt(file, first) }];
  });
}

/** A request in the minute after the probe began was logged while it ran. */
function isCounted(at: number, takenAt: number): boolean {
  return at > takenAt - COUNTED_MINUTES * MINUTE_SECONDS && at <= takenAt + MINUTE_SECONDS;
}

/**
 * Without an access log, and at a log level above `info`, a registry logs only the requests that it did not serve. They
 * give no rate.
 */
function tellsOnlyFailures(minutes: readonly Minute[]): boolean {
  return minutes.every(({ kind, served }) => kind === 'p' && served === 0);
}

/** Joins what different files, formats of the log or time zones tell of the same minute. */
function joined(minutes: readonly Minute[]): RequestMinute[] {
  const joinedAt = new Map<number, RequestMinute>();
  for (const { at, requests, failed, firstFailed } of minutes) {
    const before = joinedAt.get(at);
    joinedAt.set(at, {
      at,
      requests: requests + (before?.requests ?? 0),
      failed: failed + (before?.failed ?? 0),
      firstFailed: earlier(before?.firstFailed ?? null, firstFailed),
    });
  }
  return [...joinedAt.values()].sort((one, other) => one.at - other.at);
}

function earlier(one: LoggedAccess | null, other: LoggedAccess | null): LoggedAccess | null {
  if (one === null || other === null) return one ?? other;
  return (other.at ?? Infinity) < (one.at ?? Infinity) ? other : one;
}

function failedAt({ failures }: LogFile, order: number): LoggedAccess | null {
  const access = readLogLine(failures.get(order) ?? '')?.access;
  return access && access.status >= 500 ? access : null;
}
