import { bytesFromText, type HostPath } from '../model/host/host-path.ts';

/**
 * Characters that a reader cannot see, or that move what stands around them: controls, line and paragraph separators, spaces
 * that are not the space, bidi and zero-width marks, unassigned and private ones (Unicode's C and Z categories, and what is
 * ignorable by default; see also Unicode TR 36 on spoofing).
 */
const INVISIBLE = /[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]--[ ]]/v;
/** Hides nothing, and nearly all text is of it. Telling so takes a fraction of the search in Unicode. */
const PRINTABLE_ASCII = /^[ -~]*$/;
const INVISIBLE_RUNS = new RegExp(`${INVISIBLE.source}+`, 'gv');
const ESCAPE_OF_BYTE = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, '0')}`);

/**
 * A path from a host with nothing hidden in it: each byte of an invisible character is written `\xHH`, as in
 * {@link HostPath}, so that it stays one line and still names the same bytes.
 */
export function visiblePath(path: HostPath): string {
  return visibleText(path);
}

/** The same for any text from a host: names of users and groups, link targets, reasons. */
export function visibleText(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replace(INVISIBLE_RUNS, (run) => escapedBytes(bytesFromText(run)));
}

export function hasInvisible(text: string): boolean {
  return INVISIBLE.test(text);
}

/** `\xHH` for each byte. */
export function escapedBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += ESCAPE_OF_BYTE[byte] ?? '';
  return text;
}
