import stringWidth from 'string-width';

const GAP = '  ';

/** One row of a table: its cells, and how its line is styled. */
export type Row = {
  readonly cells: readonly string[];
  /** Styles the whole line after it was aligned. */
  readonly style?: (line: string) => string;
};

/** Aligns the cells in columns, by their width on a terminal. A Chinese character takes two columns, an accent none. */
export function tableLines(rows: readonly Row[]): readonly string[] {
  const columns = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map(({ cells }) => stringWidth(cells[column] ?? ''))),
  );
  return rows.map(({ cells, style = unstyled }) => {
    const padded = cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)));
    return style(padded.join(GAP).trimEnd());
  });
}

function unstyled(line: string): string {
  return line;
}
