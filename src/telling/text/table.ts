import stringWidth from 'string-width';

const GAP = '  ';

export type Row = {
  readonly cells: readonly string[];
  /** Applied to the whole line, once it is aligned. */
  readonly style?: (line: string) => string;
};

/** Lines with columns aligned by their width on a terminal: a Chinese character takes two columns, an accent none. */
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
