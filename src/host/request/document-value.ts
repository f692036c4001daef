import { textFromBytes } from '../../model/host/host-path.ts';

/** Matches bytes that have to be escaped. A backslash and a blank are among them. */
const PLAIN = /[^A-Za-z0-9/._:,=@%+~-]/g;
const NOTHING = '-';

/**
 * Writes a value for a line of its own, as ASCII without blanks. Other bytes become `\0ooo`, octal, the escape of
 * `printf %b` (POSIX). An empty value is written `-`, and a lone `-` is escaped.
 *
 * @throws RangeError for a NUL byte, which no path, argument or shell variable can contain
 */
export function documentValue(value: string | Uint8Array): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (bytes.includes(0)) throw new RangeError('a NUL byte cannot be sent to a host');
  const text = Buffer.from(bytes).toString('latin1');
  if (text === '') return NOTHING;
  return text === NOTHING ? escaped(text) : text.replaceAll(PLAIN, escaped);
}

function escaped(byte: string): string {
  return `\\0${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

const WRITTEN = /^(?:[A-Za-z0-9/._:,=@%+~-]|\\0[0-7]{3})+$/;
const EACH_ESCAPE = /\\0([0-7]{3})/g;

/**
 * Reads a written value, with every byte kept as {@link textFromBytes} does. Null for an empty value.
 *
 * @returns undefined for anything that {@link documentValue} never writes, because each value can be written in only
 * one way
 */
export function readDocumentValue(written: string): string | null | undefined {
  if (written === NOTHING) return null;
  if (!WRITTEN.test(written)) return undefined;
  const bytes = Buffer.from(
    written.replaceAll(EACH_ESCAPE, (_, octal: string) => characterOf(octal)),
    'latin1',
  );
  return !bytes.includes(0) && documentValue(bytes) === written ? textFromBytes(bytes) : undefined;
}

function characterOf(octal: string): string {
  return String.fromCharCode(Number.parseInt(octal, 8));
}
