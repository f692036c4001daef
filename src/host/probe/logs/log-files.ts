import type { Fact } from '../../../model/fact.ts';
import { textFromBytes } from '../../../model/host/host-path.ts';
import { SectionFacts } from '../../frame/section-facts.ts';

/** One line that the host sent. It stands for `count` lines of the log; 0 if its status already counts it. */
export type SentLine = { readonly order: number; readonly count: number; readonly text: string };

/**
 * The requests of one minute. `first`: the number of the first failed line, 0 if there is none. `time`: as the log
 * writes it, at the beginning of the minute.
 */
export type SentMinute = {
  readonly kind: 'a' | 'p';
  readonly requests: number;
  readonly failed: number;
  readonly served: number;
  readonly first: number;
  readonly time: string;
};

/** One file of the registry's log, as `registry-logs.awk` filtered it. */
export type LogFile = {
  readonly name: string;
  readonly bytes: number;
  readonly cut: boolean;
  /** The lines that were sent, in the order of the file. */
  readonly lines: readonly SentLine[];
  /**
   * Counts of requests by status: those of the access log, and those of the application's own lines about the same
   * requests.
   */
  readonly counts: readonly { readonly kind: 'a' | 'p'; readonly status: string; readonly count: number }[];
  readonly minutes: readonly SentMinute[];
  /** The first failed line of each minute, by its number. */
  readonly failures: ReadonlyMap<number, string>;
};

type Growing = {
  readonly name: string;
  bytes: number;
  readonly cut: boolean;
  readonly lines: SentLine[];
  readonly counts: LogFile['counts'][number][];
  readonly minutes: SentMinute[];
  readonly failures: Map<number, string>;
};

const MAX_FILES = 32;
/** The most minutes, of both kinds, that `registry-logs.awk` sends of one file. */
const MAX_MINUTES = 40;
/** The longest line that `registry-logs.awk` sends. */
const MAX_LINE_BYTES = 8192;
const FILE = /^f ([yn]) (.*)$/s;
const LINE = /^l (\d{1,10}) (\d{1,10}) (.*)$/s;
const COUNT = /^c ([ap]) ([1-5]\d\d) ([1-9]\d{0,9})$/;
const BYTES = /^b (\d{1,15})$/;
const MINUTE = /^r ([ap]) ([1-9]\d{0,9}) (\d{1,10}) (\d{1,10}) (\d{1,10}) (.{1,40})$/s;
const FAILURE = /^e (\d{1,10}) (.*)$/s;

/** The readers of a line about a file. Each adds what it can read, and answers whether it could. */
const READERS: readonly ((file: Growing, line: string) => boolean)[] = [
  addLine,
  addCount,
  addBytes,
  addMinute,
  addFailure,
];

/** The files in the section, oldest first; the reason why there are none; and how many lines could not be read. */
export type LogFiles = {
  readonly files: readonly LogFile[];
  readonly told: Fact<string> | undefined;
  readonly unread: number;
};

export function readLogFiles(section: Uint8Array): LogFiles {
  const files: Growing[] = [];
  let told: Fact<string> | undefined;
  let unread = 0;
  for (const line of linesOf(section)) {
    const opened = files.length < MAX_FILES ? fileOf(line) : null;
    const file = files.at(-1);
    if (opened) files.push(opened);
    else if (line.startsWith('logs ')) told = new SectionFacts([line]).told('logs');
    else if (!file || !READERS.some((read) => read(file, line))) unread += 1;
  }
  for (const file of files) file.lines.sort((one, other) => one.order - other.order);
  return { files: files.reverse(), told, unread };
}

/** The kind of line that counts the requests of a file: the access log, or the application's own in one without. */
export function countedKind({ counts }: LogFile): 'a' | 'p' {
  return counts.some(({ kind }) => kind === 'a') ? 'a' : 'p';
}

function fileOf(line: string): Growing | null {
  const [, cut, name = ''] = FILE.exec(line) ?? [];
  if (!cut) return null;
  return {
    name: name.slice(0, 300),
    bytes: 0,
    cut: cut === 'y',
    lines: [],
    counts: [],
    minutes: [],
    failures: new Map(),
  };
}

function addLine(file: Growing, line: string): boolean {
  const [, order, count, text = ''] = LINE.exec(line) ?? [];
  if (!order) return false;
  file.lines.push({ order: Number(order), count: Number(count), text });
  return true;
}

function addCount(file: Growing, line: string): boolean {
  const [, kind, status = '', count] = COUNT.exec(line) ?? [];
  if (kind !== 'a' && kind !== 'p') return false;
  file.counts.push({ kind, status, count: Number(count) });
  return true;
}

function addBytes(file: Growing, line: string): boolean {
  const [, bytes] = BYTES.exec(line) ?? [];
  if (!bytes) return false;
  file.bytes = Number(bytes);
  return true;
}

function addMinute(file: Growing, line: string): boolean {
  const [, kind, all, bad, good, first, time = ''] = MINUTE.exec(line) ?? [];
  if ((kind !== 'a' && kind !== 'p') || file.minutes.length >= MAX_MINUTES) return false;
  const [requests, failed, served] = [Number(all), Number(bad), Number(good)];
  if (failed + served > requests) return false;
  file.minutes.push({ kind, requests, failed, served, first: Number(first), time });
  return true;
}

function addFailure(file: Growing, line: string): boolean {
  const [, order, text = ''] = FAILURE.exec(line) ?? [];
  if (!order || file.failures.size >= MAX_MINUTES) return false;
  file.failures.set(Number(order), text);
  return true;
}

function linesOf(section: Uint8Array): string[] {
  const lines = Buffer.from(section).toString('latin1').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => textFromBytes(Buffer.from(line.slice(0, MAX_LINE_BYTES), 'latin1')));
}
