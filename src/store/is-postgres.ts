import { type Kysely, PostgresAdapter } from 'kysely';

/** Whether the database is Postgres. Otherwise it is SQLite. */
export function isPostgres<Tables>(db: Kysely<Tables>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
