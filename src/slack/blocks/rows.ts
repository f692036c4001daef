import { tableLines } from '../../telling/text/table.ts';
import type { Words } from '../../words/index.ts';
import { visibleText } from '../../words/visible-text.ts';
import { fitLines } from './fit-lines.ts';

/** Limit for the first cell of aligned rows, in characters. A longer one pushes the other cells off a phone's screen. */
const MAX_ALIGNED_FIRST_CELL = 60;

/** Writes rows for a fixed-width font, aligned if every first cell is short enough. */
export function rowLines(rows: readonly (readonly string[])[]): readonly string[] {
  const visible = rows.map((cells) => cells.map(visibleText));
  const firstCellTooLong = visible.some(([first = '']) => first.length > MAX_ALIGNED_FIRST_CELL);
  return firstCellTooLong ? visible.map((cells) => cells.join('  ')) : tableLines(visible.map((cells) => ({ cells })));
}

/** Writes as many of the rows as fit into `max` characters, and a last line that says how many did not. */
export function fittingRows(rows: readonly (readonly string[])[], max: number, words: Words): readonly string[] {
  const { shown, hidden } = fitLines(rowLines(rows), max);
  return hidden === 0 ? shown : [...shown, words.leftOut.linesLeftOut(hidden)];
}
