import { type Kysely, type RawBuilder, sql } from 'kysely';
import { isPostgres } from '../is-postgres.ts';

/** The text at a path of the value, null if there is none. `column` is text; the path's words are letters. */
export function textAt<T>(
  db: Kysely<T>,
  column: RawBuilder<unknown>,
  path: readonly string[],
): RawBuilder<string | null> {
  return isPostgres(db)
    ? sql`(${column}::json #>> ${sql.lit(`{${path.join(',')}}`)})`
    : sql`(${column} ->> ${sql.lit(`$.${path.join('.')}`)})`;
}

/** Whether the value, a list, has this text in it. */
export function listHas<T>(db: Kysely<T>, column: RawBuilder<unknown>, text: string): RawBuilder<boolean> {
  return isPostgres(db)
    ? sql`${text} IN (SELECT json_array_elements_text(${column}::json))`
    : sql`${text} IN (SELECT json_each.value FROM json_each(${column}))`;
}

/** Whether the text of the column has this one in it. */
export function contains<T>(db: Kysely<T>, column: RawBuilder<unknown>, text: string): RawBuilder<boolean> {
  return isPostgres(db) ? sql`(strpos(${column}, ${text}) > 0)` : sql`(instr(${column}, ${text}) > 0)`;
}

/** A list of numbers of any length, in the form that IN takes. */
export function listed<T>(db: Kysely<T>, numbers: readonly number[]): RawBuilder<number> {
  return isPostgres(db)
    ? sql`(SELECT unnest(${`{${numbers.join(',')}}`}::bigint[]))`
    : sql`(SELECT value FROM json_each(${JSON.stringify(numbers)}))`;
}
