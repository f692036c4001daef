import { tableLines } from '../../telling/text/table.ts';
import type { Words } from '../../words/index.ts';
import { visibleText } from '../../words/visible-text.ts';
import { fitLines } from './fit-lines.ts';

/** A longer first cell would push the others off a phone's screen. */
const LONGEST_ALIGNED = 60;

/** Rows for a fixed-width font, aligned if they are short enough. */
export function rowLines(rows: readonly (readonly string[])[]): readonly string[] {
  const visible = rows.map((cells) => cells.map(visibleText));
  const isLong = visible.some(([first = '']) => first.length > LONGEST_ALIGNED);
  return isLong ? visible.map((cells) => cells.join('  ')) : tableLines(visible.map((cells) => ({ cells })));
}

/** As many of the rows as fit into `max` characters, and how many did not. */
export function fittingRows(rows: readonly (readonly string[])[], max: number, words: Words): readonly string[] {
  const { shown, hidden } = fitLines(rowLines(rows), max);
  return hidden === 0 ? shown : [...shown, words.leftOut.linesLeftOut(hidden)];
}
