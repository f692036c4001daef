import type { Phrase, Run } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';

/**
 * Markdown that shows words literally, whatever a host or a person put into them (CommonMark 0.31 with GFM's tables,
 * strikethrough and autolinks).
 */

/** Characters that could be markup in the middle of a line. */
const MEANINGFUL = /[\\`*_{}[\]<>|~#&@!]|:(?=\/\/)|(?<=www)\./gi;
/** Characters that could be markup at the start of a line: lists and underlined headings. */
const BULLET = /^(\s*)([-+=])/;
const ORDINAL = /^(\s*\d{1,9})([.)])/;

type Where = 'line' | 'cell';

/** A text in a paragraph, a heading or a cell. */
export function markdownText(text: string): string {
  return visibleText(text).replace(MEANINGFUL, '\\$&').replace(BULLET, '$1\\$2').replace(ORDINAL, '$1\\$2');
}

/** Inline code. In a table cell, `|` would end the cell even inside code. */
export function markdownCode(text: string, where: Where = 'line'): string {
  if (text === '') return '';
  const visible = visibleText(text);
  const fence = '`'.repeat(longestRunOfBackticks(visible) + 1);
  // Markdown removes one space on each side again, and that keeps backticks apart. Only-space code is not trimmed.
  const padding = /^[` ]|[` ]$/.test(visible) && visible.trim() !== '' ? ' ' : '';
  const code = `${fence}${padding}${visible}${padding}${fence}`;
  return where === 'cell' ? code.replaceAll(/\\*\|/g, escapedPipe) : code;
}

/**
 * Escapes a pipe and the backslashes before it. In a cell such a backslash would escape the pipe and vanish, so each is
 * written out as `\x5c`.
 */
function escapedPipe(run: string): string {
  return `${'\\x5c'.repeat(run.length - 1)}\\|`;
}

/** A code block of several lines. */
export function markdownBlock(lines: readonly string[]): string {
  const visible = lines.map(visibleText);
  const fence = '`'.repeat(Math.max(3, longestRunOfBackticks(visible.join('\n')) + 1));
  return [fence, ...visible, fence].join('\n');
}

/** A table of cells that are already Markdown. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

export function markdownPhrase(phrase: Phrase, where: Where = 'line'): string {
  let text = '';
  let boldText = '';
  for (const run of phrase) {
    const isBold = 'bold' in run && run.bold === true;
    if (isBold) boldText += runMarkdown(run, where);
    else {
      text += bold(boldText) + runMarkdown(run, where);
      boldText = '';
    }
  }
  return text + bold(boldText);
}

function runMarkdown(run: Run, where: Where): string {
  switch (run.kind) {
    case 'text':
      return markdownText(run.text);
    case 'code':
      return markdownCode(run.text, where);
    case 'user':
      return markdownCode(run.user);
    case 'group':
      return markdownCode(run.group);
    case 'channel':
      return markdownCode(run.channel);
    case 'link':
      return markdownText(run.text);
    case 'time':
      return markdownTime(run.at);
  }
}

/** Writes a time in UTC and to the second, because it is read elsewhere and later. */
export function markdownTime(at: string): string {
  return at.replace(/^([\d-]+)T(\d\d:\d\d:\d\d).*$/, '$1 $2 UTC');
}

/** Emphasis has to touch its words, so blanks at the ends go outside. Two that touch each other would be none. */
function bold(markdown: string): string {
  return markdown.replace(/^(\s*)(.*?)(\s*)$/s, (_, before: string, inner: string, after: string) =>
    inner === '' ? before : `${before}**${inner}**${after}`,
  );
}

function longestRunOfBackticks(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
