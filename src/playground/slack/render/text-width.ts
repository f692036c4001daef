const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]/u;
const WITHOUT_WIDTH = /[\p{Mn}\p{Me}]/u;

/** The number of terminal columns of the text, which must be free of control characters. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (WITHOUT_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/**
 * Lines of at most `width` columns: broken at blanks and between Chinese characters if there are any, otherwise inside
 * the word.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

/** Lines after the first are indented like the first one. */
function wrapLine(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0].slice(0, Math.floor(width / 2)) ?? '';
  const lines: string[] = [];
  let rest = line;
  while (textWidth(rest) > width) {
    const fitting = cutAt(rest, width);
    const blank = lastBreak(rest, fitting);
    const end = blank > indent.length ? blank : fitting.length;
    lines.push(rest.slice(0, end));
    rest = indent + rest.slice(end).replace(/^ /, '');
  }
  return [...lines, rest];
}

/**
 * Where the fitting part can end: before a blank, or beside a Chinese character. No line starts or ends with a mark
 * that can't be there.
 */
function lastBreak(text: string, fitting: string): number {
  for (let at = fitting.length; at > 0; at -= 1) {
    const [before = '', after = ''] = [text[at - 1], text[at]];
    if (after === ' ') return at;
    const isBesideWide = before !== ' ' && (WIDE.test(before) || WIDE.test(after));
    if (isBesideWide && !NOT_FIRST.test(after) && !NOT_LAST.test(before)) return at;
  }
  return -1;
}

const NOT_FIRST = /[，。、；：？！）》”’…·,.;:?!)]/;
const NOT_LAST = /[（《“‘(]/;

/** The longest prefix that fits, at least one character, so that wrapping always ends. */
function cutAt(text: string, width: number): string {
  let cut = '';
  for (const character of text) {
    if (cut !== '' && textWidth(cut + character) > width) break;
    cut += character;
  }
  return cut;
}
