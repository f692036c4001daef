import { z } from 'zod';

/**
 * An absolute path on a host, as readable text that keeps every byte.
 *
 * Valid UTF-8 bytes are kept. Any other byte is written `\xHH`. A backslash that would read as such an escape is
 * written `\x5c`. So the text is one-to-one with the bytes, is valid JSON, and an ordinary path stays as it is.
 */
export const HostPath = z.string().startsWith('/').max(16_384).brand<'HostPath'>();
export type HostPath = z.infer<typeof HostPath>;

const ESCAPE = /\\x([0-9a-f]{2})/;
const LOOKS_LIKE_AN_ESCAPE = /\\x[0-9a-f]{2}/;
const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Encodes raw bytes in the text form of {@link HostPath}. Works for names and symlink targets too. */
export function textFromBytes(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== null && !LOOKS_LIKE_AN_ESCAPE.test(whole)) return whole;
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0 || startsLikeAnEscape(bytes, at)) {
      text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
      at += 1;
      continue;
    }
    text += utf8.decode(bytes.subarray(at, at + length));
    at += length;
  }
  return text;
}

/** The bytes of a text made by {@link textFromBytes}. */
export function bytesFromText(text: string): Uint8Array {
  if (!LOOKS_LIKE_AN_ESCAPE.test(text)) return encoder.encode(text);
  // What stands between two escapes, and the digits of an escape, in turn.
  const bytes = text
    .split(ESCAPE)
    .flatMap((part, index) => (index % 2 === 0 ? [...encoder.encode(part)] : byteOf(part)));
  return Uint8Array.from(bytes);
}

function byteOf(hex: string): number {
  return Number.parseInt(hex, 16);
}

function startsLikeAnEscape(bytes: Uint8Array, at: number): boolean {
  const isHex = (byte: number | undefined) => byte !== undefined && /[0-9a-f]/.test(String.fromCharCode(byte));
  return bytes[at] === 0x5c && bytes[at + 1] === 0x78 && isHex(bytes[at + 2]) && isHex(bytes[at + 3]);
}

/** The length of the valid UTF-8 sequence that starts at `at`, or 0 if none does (RFC 3629, table of section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : (first & 0xf0) === 0xe0 ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  return decoded(bytes.subarray(at, at + length)) === null ? 0 : length;
}

/** Decodes UTF-8. Null: the bytes are not UTF-8. */
function decoded(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
