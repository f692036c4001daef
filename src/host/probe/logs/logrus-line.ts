import { bytesFromText, textFromBytes } from '../../../model/host/host-path.ts';
import type { Dialect } from './log-line.ts';
import { messageLineOf } from './message-fields.ts';

const FIELD = /([A-Za-z0-9_.-]{1,100})=("(?:[^"\\]|\\.)*"?|[^ ]*)(?: |$)/y;
const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([abfnrtv"\\]))/g;
const CONTROLS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * logrus' text: `time="…" level=error msg="…" key=value`, quoted like Go's %q if needed (logrus, text_formatter.go).
 */
export const logrusLine: Dialect = (line) => {
  if (!/^(time|level)=/.test(line)) return null;
  const fields = new Map<string, string>();
  FIELD.lastIndex = 0;
  for (let match = FIELD.exec(line); match; match = FIELD.exec(line)) {
    const [, name = '', value = ''] = match;
    if (!fields.has(name)) fields.set(name, value.startsWith('"') ? unquoted(value) : value);
  }
  return fields.has('level') ? messageLineOf((name) => fields.get(name)) : null;
};

/** Decodes Go's %q. A byte that was not UTF-8 (`\xHH` in both) stays escaped. */
function unquoted(value: string): string {
  const body = value.slice(1, value.endsWith('"') && value.length > 1 ? -1 : undefined);
  const text = body.replace(ESCAPE, (whole, byte?: string, short?: string, long?: string, single?: string) => {
    if (byte) return whole;
    if (single) return CONTROLS[single] ?? single;
    const code = Number.parseInt(short ?? long ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
  return textFromBytes(bytesFromText(text));
}
