/** Characters that take two columns in a terminal: Chinese, Japanese and Korean ones, full-width forms, emoji. */
const WIDE_CHARACTER =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]/u;
/** Combining marks, which are drawn over the character before them. */
const WITHOUT_WIDTH = /[\p{Mn}\p{Me}]/u;

/** The number of terminal columns of the text, which must be free of control characters. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (WITHOUT_WIDTH.test(character)) return 0;
  return isWide(character) ? 2 : 1;
}

/** Whether the text has a character that takes two columns. */
export function isWide(text: string): boolean {
  return WIDE_CHARACTER.test(text);
}
