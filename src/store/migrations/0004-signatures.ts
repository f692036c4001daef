import { type Kysely, sql } from 'kysely';

/** Who approves a plan may have to sign it with a key of their own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('ALTER TABLE decisions ADD COLUMN signature TEXT').execute(db);
}
