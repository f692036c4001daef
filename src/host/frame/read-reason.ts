import { AboutCode, BareCode, BecauseCode, type Reason } from '../../model/reason.ts';
import { codeOfError } from './error-words.ts';

/** How many characters of a host's own explanation are kept. */
const MAX_CHARACTERS = 200;

/** The number that Rust's coreutils put behind the words of a system call's error. */
const RUST_ERROR = / \(os error \d+\)$/;

/**
 * Parses a reason as the scripts print it: `CODE`, `CODE DETAIL`, `CODE REASON`, or `host-said WORDS` with a tool's
 * message. Any other text from a host is kept as its own words, because nothing in it is trusted.
 */
export function readReason(text: string): Reason {
  const line = onOneLine(text);
  if (line === '') return { code: 'no-reason' };
  const [, code = '', detail = ''] = /^(\S+)(?: (.+))?$/s.exec(line) ?? [];
  if (code === 'host-said') return saidByHost(detail);
  return reasonOf(code, detail) ?? saidByHost(line);
}

/** The reason in a tool's message on the host: the code of a system call's error, or the message itself. */
export function saidByHost(text: string): Reason {
  const said = onOneLine(text).replace(RUST_ERROR, '');
  const code = said === '' ? 'no-reason' : codeOfError(said);
  return code === undefined ? { code: 'host-said', said } : { code };
}

/** The reason with this code and its values. Null: the code is unknown, or has too few or too many values. */
function reasonOf(code: string, detail: string): Reason | null {
  if (detail === '') {
    const bare = BareCode.safeParse(code).data;
    return bare === undefined ? null : { code: bare };
  }
  const about = AboutCode.safeParse(code).data;
  if (about !== undefined) return { code: about, detail };
  const because = BecauseCode.safeParse(code).data;
  return because === undefined ? null : { code: because, because: readReason(detail) };
}

/** A host's own text on one line, cut at a length. */
export function onOneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS)}…` : line;
}
