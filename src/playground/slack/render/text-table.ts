import { textWidth } from './text-width.ts';
import { wrapText } from './wrap-text.ts';

const GAP = '  ';
const MIN_COLUMN = 6;
/** A word longer than this can be broken to keep a table within its width. */
const MAX_UNBROKEN_WORD = 40;

/**
 * Rows as aligned columns, the first row underlined, no line wider than `width`. Long cells continue on the next lines.
 */
export function textTable(rows: readonly (readonly string[])[], width: number): string {
  const widths = columnWidths(rows, width);
  const [heading = [], ...body] = rows;
  const line = widths.map((column) => '─'.repeat(column)).join(GAP);
  return [tableRow(heading, widths), line, ...body.map((row) => tableRow(row, widths))].join('\n');
}

/** Narrows the columns until the table fits: the widest one first, down to its longest word, and only then further. */
function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const columns = Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, column) =>
    rows.map((row) => row[column] ?? ''),
  );
  const natural = columns.map((cells) => widest(cells, /\n/));
  const unbroken = columns.map((cells) => Math.min(MAX_UNBROKEN_WORD, widest(cells, /\s/)));
  const available = width - GAP.length * (columns.length - 1);
  const shrunk = shrink(natural, unbroken, available);
  return shrink(
    shrunk,
    shrunk.map(() => MIN_COLUMN),
    available,
  );
}

function shrink(widths: readonly number[], floors: readonly number[], available: number): number[] {
  const shrunk = [...widths];
  while (sum(shrunk) > available) {
    const shrinkable = shrunk.map((width, column) => (width > (floors[column] ?? 0) ? width : 0));
    const most = Math.max(...shrinkable);
    if (most === 0) break;
    shrunk[shrinkable.indexOf(most)] = most - 1;
  }
  return shrunk;
}

function widest(cells: readonly string[], separator: RegExp): number {
  return Math.max(1, ...cells.flatMap((cell) => cell.split(separator).map(textWidth)));
}

function tableRow(cells: readonly string[], widths: readonly number[]): string {
  const wrapped = widths.map((width, column) => wrapText(cells[column] ?? '', width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, column) => padEnd(lines[line] ?? '', widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  ).join('\n');
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
