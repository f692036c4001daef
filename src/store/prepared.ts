import { type RawBuilder, sql } from 'kysely';

/**
 * The beginning of a statement that runs often: Postgres parses it once for each connection, and keeps its plan. The text of the statement must
 * always be the same, because it is kept for as long as the connection.
 */
export function prepared(name: string): RawBuilder<unknown> {
  return sql.raw(`/* prepared as ${name} */`);
}

/** Under which name the statement is kept. Null: it is not. */
export function preparedName(text: string): string | null {
  return /^\/\* prepared as (\w+) \*\//.exec(text)?.[1] ?? null;
}
