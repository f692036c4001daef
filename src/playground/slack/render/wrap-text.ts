import { isWide, textWidth } from './text-width.ts';

/** Closing punctuation. */
const CANT_START_LINE = /[，。、；：？！）》”’…·,.;:?!)]/;
/** Opening punctuation. */
const CANT_END_LINE = /[（《“‘(]/;

/**
 * The text in lines of at most `width` columns. A line breaks at a space or next to a wide character (such as a Chinese
 * one); without either, inside the word.
 */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

/** Lines after the first are indented like the first one. */
function wrapLine(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0].slice(0, Math.floor(width / 2)) ?? '';
  const lines: string[] = [];
  let rest = line;
  while (textWidth(rest) > width) {
    const fitting = longestFittingPrefix(rest, width);
    const breakAt = lastBreak(rest, fitting);
    const end = breakAt > indent.length ? breakAt : fitting.length;
    lines.push(rest.slice(0, end));
    rest = indent + rest.slice(end).replace(/^ /, '');
  }
  return [...lines, rest];
}

/**
 * The last index within the fitting part at which the line can break: before a space, or next to a wide character unless
 * punctuation would then start or end a line where it must not. -1 without one.
 */
function lastBreak(text: string, fitting: string): number {
  for (let index = fitting.length; index > 0; index -= 1) {
    const [before = '', after = ''] = [text[index - 1], text[index]];
    if (after === ' ') return index;
    const isNextToWide = before !== ' ' && (isWide(before) || isWide(after));
    if (isNextToWide && !CANT_START_LINE.test(after) && !CANT_END_LINE.test(before)) return index;
  }
  return -1;
}

/** The longest prefix that fits, at least one character, so that wrapping always ends. */
function longestFittingPrefix(text: string, width: number): string {
  let cut = '';
  for (const character of text) {
    if (cut !== '' && textWidth(cut + character) > width) break;
    cut += character;
  }
  return cut;
}
