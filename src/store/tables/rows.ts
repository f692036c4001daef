import { z } from 'zod';
import { canonicalJson } from '../../hash/canonical-hash.ts';
import { whyUnreadable } from '../../record/unreadable.ts';
import { RecordDamaged } from '../store-unavailable.ts';
import type { Tables } from './tables.ts';

/** The text of a JSON column: canonical (RFC 8785), so that the same value is the same text. */
export const toJson = canonicalJson;

/**
 * Reads one row as its value. `fields` combines the columns and can parse JSON columns.
 *
 * @throws RecordDamaged naming table and key, when the row is not one that this version can have written.
 */
export function readRow<S extends z.ZodType>(
  row: { readonly table: keyof Tables; readonly key: string | number },
  schema: S,
  fields: () => unknown,
): z.output<S> {
  try {
    return schema.parse(fields());
  } catch (error) {
    if (!(error instanceof z.ZodError) && !(error instanceof SyntaxError)) throw error;
    throw new RecordDamaged(
      { kind: 'unreadable', table: row.table, key: String(row.key), why: whyUnreadable(error) },
      { cause: error },
    );
  }
}

/**
 * Reads rows whose text is compared and not parsed. Damage, or someone who changed the schema, can make anything of a column: what is no text
 * becomes one that was not written.
 */
export function withTexts<Name extends string>(
  ...names: readonly Name[]
): <Row extends Readonly<Record<Name, string>>>(rows: readonly Row[]) => readonly Row[] {
  return (rows) =>
    rows.map((row) =>
      names.every((name) => typeof row[name] === 'string')
        ? row
        : { ...row, ...Object.fromEntries(names.map((name) => [name, String(row[name])])) },
    );
}

/** Null: the row is not one that this version can have written. */
export function readableOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RecordDamaged)) throw error;
    return null;
  }
}
