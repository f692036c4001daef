import type { Fact } from '../../../model/fact.ts';
import { textFromBytes } from '../../../model/host/host-path.ts';
import { SectionFacts } from '../../frame/section-facts.ts';

/** One line that the host sent. It stands for `count` lines of the log; 0 if its status already counts it. */
export type SentLine = { readonly order: number; readonly count: number; readonly text: string };

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
};

const MAX_FILES = 32;
/** The longest line that `registry-logs.awk` sends. */
const MAX_LINE_BYTES = 8192;
const FILE = /^f ([yn]) (.*)$/s;
const LINE = /^l (\d{1,10}) (\d{1,10}) (.*)$/s;
const COUNT = /^c ([ap]) ([1-5]\d\d) ([1-9]\d{0,9})$/;
const BYTES = /^b (\d{1,15})$/;

/** The files in the section, oldest first; the reason why there are none; and how many lines could not be read. */
export type LogFiles = {
  readonly files: readonly LogFile[];
  readonly told: Fact<string> | undefined;
  readonly unread: number;
};

export function readLogFiles(section: Uint8Array): LogFiles {
  const files: { -readonly [key in keyof LogFile]: LogFile[key] extends readonly (infer T)[] ? T[] : LogFile[key] }[] =
    [];
  let told: Fact<string> | undefined;
  let unread = 0;
  for (const line of linesOf(section)) {
    const [, cut, name = ''] = FILE.exec(line) ?? [];
    if (cut && files.length < MAX_FILES) {
      files.push({ name: name.slice(0, 300), bytes: 0, cut: cut === 'y', lines: [], counts: [] });
      continue;
    }
    const file = files.at(-1);
    const [, order, count, text = ''] = LINE.exec(line) ?? [];
    const [, kind, status = '', times] = COUNT.exec(line) ?? [];
    const [, bytes] = BYTES.exec(line) ?? [];
    if (file && order) file.lines.push({ order: Number(order), count: Number(count), text });
    else if (file && (kind === 'a' || kind === 'p')) file.counts.push({ kind, status, count: Number(times) });
    else if (file && bytes) file.bytes = Number(bytes);
    else if (line.startsWith('logs ')) told = new SectionFacts([line]).told('logs');
    else unread += 1;
  }
  for (const file of files) file.lines.sort((one, other) => one.order - other.order);
  return { files: files.reverse(), told, unread };
}

function linesOf(section: Uint8Array): string[] {
  const lines = Buffer.from(section).toString('latin1').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => textFromBytes(Buffer.from(line.slice(0, MAX_LINE_BYTES), 'latin1')));
}
