import type { Kysely } from 'kysely';
import type { Tables } from '../tables.ts';

/** The number of the last entry that was sent to the collector. 0: none was. */
export async function lastSentEntry(db: Kysely<Tables>): Promise<number> {
  const row = await db.selectFrom('sent_entries').select('sequence').executeTakeFirst();
  return row?.sequence ?? 0;
}

export async function saveLastSentEntry(db: Kysely<Tables>, sequence: number): Promise<void> {
  await db
    .insertInto('sent_entries')
    .values({ id: 1, sequence })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ sequence }))
    .execute();
}
