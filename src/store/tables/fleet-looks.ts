import type { Kysely } from 'kysely';
import { HostSnapshot } from '../../model/fleet/fleet-look.ts';
import type { HostName } from '../../model/record/ids.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** Whether the look of this night (`2026-11-29`) has been told. */
export async function isFleetLookEnded(db: Kysely<Tables>, night: string): Promise<boolean> {
  const row = await db.selectFrom('fleet_looks').select('night').where('night', '=', night).executeTakeFirst();
  return row !== undefined;
}

/** False: it was ended before, and nothing changed. */
export async function endFleetLook(db: Kysely<Tables>, night: string, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('fleet_looks')
    .values({ night, ended_at: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function hostSnapshot(db: Kysely<Tables>, host: HostName): Promise<HostSnapshot | null> {
  const row = await db.selectFrom('host_snapshots').selectAll().where('host', '=', host).executeTakeFirst();
  if (row === undefined) return null;
  return readRow({ table: 'host_snapshots', key: row.host }, HostSnapshot, () => JSON.parse(row.body));
}

/** Takes the place of the host's last one. */
export async function putHostSnapshot(
  db: Kysely<Tables>,
  host: HostName,
  snapshot: HostSnapshot,
  now: Date,
): Promise<void> {
  const kept = { seen_at: now.toISOString(), body: toJson(snapshot) };
  await db
    .insertInto('host_snapshots')
    .values({ host, ...kept })
    .onConflict((conflict) => conflict.column('host').doUpdateSet(kept))
    .execute();
}
