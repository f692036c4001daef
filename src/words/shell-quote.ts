import { bytesFromText } from '../model/host/host-path.ts';
import { escapedBytes, hasInvisible } from './visible-text.ts';

/** These have no meaning to a shell, at any position of a word. */
const BARE = /^[A-Za-z0-9_/.,:@%+-]+$/;

/**
 * A path, or another name from a host, as one word for bash(1), to be read, copied and run: bare where that is safe, in '…' where it can be seen whole,
 * else as $'…' with every byte that cannot be seen written `\xHH`. So no name can forge a second line, hide a part of a
 * command or add one; bash reads exactly the path's bytes.
 */
export function shellQuote(word: string): string {
  const bytes = bytesFromText(word);
  const text = decoded(bytes);
  if (text === null) return dollarQuoted(bytes);
  if (BARE.test(text)) return text;
  return hasInvisible(text) ? dollarQuoted(bytes) : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Decodes UTF-8. Null: the bytes are not UTF-8 throughout. */
function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** How each byte is written in `$'…'`. `!` would be history to an interactive shell. */
const IN_DOLLAR_QUOTES = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  const isPlain = byte >= 0x20 && byte < 0x7f && !`\\'!`.includes(character);
  return isPlain ? character : escapedBytes(Uint8Array.of(byte));
});

/** ANSI-C quoting, all in ASCII, so that it reads the same in every locale. */
function dollarQuoted(bytes: Uint8Array): string {
  let quoted = '';
  for (const byte of bytes) quoted += IN_DOLLAR_QUOTES[byte] ?? '';
  return `$'${quoted}'`;
}
