import { z } from 'zod';
import { parsedJson } from '../../../model/json.ts';
import { fromRfc3339 } from './registry-timestamps.ts';

/** svlogd(8): `-tt` puts `2026-11-24_04:03:10.11515 ` before each line, in UTC. `-ttt` uses a T. */
const SVLOGD = /^(\d{4}-\d\d-\d\d)[_T](\d\d:\d\d:\d\d\.\d{1,9}) /;
/** svlogd(8), `-t`: a TAI64N label. */
const TAI64N = /^@([0-9a-f]{16})[0-9a-f]{8} /;
/** `journalctl -o short-unix`: time, host, program and pid. */
const JOURNAL = /^(\d{1,11})\.\d{6} \S{1,255} [^ []{1,255}\[\d{1,10}\]: /;
/** Docker's json-file driver wraps each line in an object. */
const DockerLine = z.object({ log: z.string(), time: z.string() });

type Unwrapped = { readonly at: number | null; readonly line: string };

/** Removes the service manager's prefix from a line of the registry, and reads the time from it. */
export function withoutPrefix(raw: string): Unwrapped {
  const svlogd = SVLOGD.exec(raw);
  if (svlogd) return { at: fromRfc3339(`${svlogd[1]}T${svlogd[2]}Z`), line: raw.slice(svlogd[0].length) };
  const journal = JOURNAL.exec(raw);
  if (journal) return { at: Number(journal[1]), line: raw.slice(journal[0].length) };
  const tai = TAI64N.exec(raw);
  if (tai) return { at: fromTai64(tai[1] ?? ''), line: raw.slice(tai[0].length) };
  return unwrappedFromDocker(raw) ?? { at: null, line: raw };
}

/**
 * The Unix time of a TAI64N label. It counts from 2^62 at 1970, ten seconds ahead of UTC (libtai, which svlogd follows,
 * adds no more).
 */
function fromTai64(label: string): number | null {
  const seconds = BigInt(`0x${label}`) - 2n ** 62n - 10n;
  return seconds >= 0n && seconds < 2n ** 40n ? Number(seconds) : null;
}

function unwrappedFromDocker(raw: string): Unwrapped | null {
  if (!raw.startsWith('{"log":')) return null;
  const line = DockerLine.safeParse(parsedJson(raw)).data;
  return line ? { at: fromRfc3339(line.time), line: line.log.replace(/\r?\n$/, '') } : null;
}
