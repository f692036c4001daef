/** Controls, line and paragraph separators, and format characters: some reverse or hide the text around them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Shows what has no shape of its own (a newline, U+202E RIGHT-TO-LEFT OVERRIDE) as an escape: `\x0a`, `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escapeOf);
}

/** The same for text of several lines: line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    character === '\n' || character === '\t' ? character : escapeOf(character),
  );
}

function escapeOf(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  const hex = codePoint.toString(16);
  return codePoint < 0x80 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}

/** The three characters that Slack's mrkdwn reads: without them there is no mention, no link and no broadcast. */
export function escapeMrkdwn(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
