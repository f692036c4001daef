import { type Kysely, sql } from 'kysely';

/** Each start asks which config file the record names last. However long the record is, that is one entry of a short index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENT).execute(db);
}

const STATEMENT = "CREATE INDEX audit_entries_about_config ON audit_entries (sequence) WHERE act = 'config-changed'";
