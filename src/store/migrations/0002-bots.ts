import { type Kysely, sql } from 'kysely';
import { isPostgres } from '../is-postgres.ts';

/**
 * The bots that work on one record at the same time, and what each of them does. None of it is part of the record. A record in a file has one
 * bot, which keeps the lock of that file.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (!isPostgres(db)) return;
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `CREATE TABLE bots (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seen_at TIMESTAMPTZ NOT NULL
  )`,
  `CREATE TABLE leases (
    name TEXT COLLATE "C" PRIMARY KEY,
    bot BIGINT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    asked_by BIGINT REFERENCES bots (id) ON DELETE SET NULL
  )`,
  `CREATE TABLE sights (
    host TEXT COLLATE "C" PRIMARY KEY,
    bot BIGINT NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    seen TEXT NOT NULL
  )`,
  'CREATE INDEX sights_of_bot ON sights (bot)',
  'CREATE INDEX leases_of_bot ON leases (bot)',
  'CREATE INDEX leases_asked_by ON leases (asked_by) WHERE asked_by IS NOT NULL',
];
