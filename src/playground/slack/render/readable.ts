/**
 * Characters that a terminal or a browser acts upon instead of showing: control characters, and the invisible ones that
 * reorder, hide or join text.
 */
const UNREADABLE = /(?![\n])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu;

/** The text with each of these characters written out (`\x1b`, `\u{202e}`). Only line breaks stay as they are. */
export function readable(text: string): string {
  return text.replaceAll('\t', '    ').replace(UNREADABLE, (character) => written(character.codePointAt(0) ?? 0));
}

function written(codePoint: number): string {
  const hex = codePoint.toString(16);
  return codePoint < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}
