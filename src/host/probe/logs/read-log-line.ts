import { abortLine } from './abort-line.ts';
import { apacheLine } from './apache-line.ts';
import { jsonLine } from './json-line.ts';
import { withoutPrefix } from './line-prefix.ts';
import type { Dialect, LogLine } from './log-line.ts';
import { logrusLine } from './logrus-line.ts';
import { supervisorLine } from './supervisor-line.ts';

/** The log formats, which can differ from line to line even in one file. */
const DIALECTS: readonly Dialect[] = [logrusLine, jsonLine, apacheLine, abortLine, supervisorLine];

/** Parses one line. Null if no format fits. A line without its own time gets that of its prefix, if it has one. */
export function readLogLine(raw: string): LogLine | null {
  const { at, line } = withoutPrefix(raw);
  for (const dialect of DIALECTS) {
    const read = dialect(line);
    if (read !== null) return at === null ? read : withTime(read, at);
  }
  return null;
}

function withTime(line: LogLine, at: number): LogLine {
  if (line.kind === 'message') return { ...line, at: line.at ?? at };
  return { ...line, access: { ...line.access, at: line.access.at ?? at } };
}
