/** A row of an answer. */
export type Row = Readonly<Record<string, unknown>>;
