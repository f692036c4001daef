import { type Kysely, sql } from 'kysely';
import type { Beside } from '../../record/check/check-record.ts';
import type { Helper } from '../record/audit-trail.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import type { Tables } from '../tables/tables.ts';
import { type RunTask, SecondThread } from './second-thread.ts';

type Around = { readonly path: string; requireSameFile(): void; readonly runTask?: RunTask | undefined };

/**
 * Has a second thread check a part of the record.
 *
 * Both threads must see one snapshot. SQLite counts for each connection the commits of others that it has met
 * (sqlite.org/pragma.html#pragma_data_version): if this connection meets none from before the thread takes its snapshot until it has
 * its own, nothing was committed between the two.
 *
 * @param db with one connection, which only reads
 * @param around.requireSameFile throws if the path now leads to another file than the one that `db` reads
 */
export async function helpVerify(
  db: Kysely<Tables>,
  beside: Beside,
  { path, requireSameFile, runTask }: Around,
): Promise<Helper> {
  const thread = new SecondThread(path, beside, runTask);
  try {
    await thread.ready();
    const version = await dataVersion(db);
    await thread.takeSnapshot();
    requireSameFile();
    return {
      hasSnapshotOf: async (snapshot) => (await dataVersion(snapshot)) === version,
      result: async (takePlans) => {
        const { ofCheckpoints, damage } = await thread.result(takePlans);
        const requireWhole = async () => {
          if (damage !== null) throw new StoreUnavailable(damage);
        };
        return { ofCheckpoints, requireWhole };
      },
      end: () => thread.end(),
    };
  } catch (error) {
    await thread.end();
    throw error;
  }
}

async function dataVersion(db: Kysely<Tables>): Promise<number | undefined> {
  const { rows } = await sql<{ data_version: number }>`PRAGMA data_version`.execute(db);
  return rows[0]?.data_version;
}
