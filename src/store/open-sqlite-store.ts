import { availableParallelism } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import type { Beside } from '../record/check/check-record.ts';
import type { AuditTrail } from '../workflow/ports/audit-trail.ts';
import type { Clock } from '../workflow/ports/bot.ts';
import { requireSchema, upgrade } from './migrate.ts';
import type { OpenedStore, OpenedTrail } from './opened-store.ts';
import { KyselyOutbox } from './outbox/outbox.ts';
import { type Helper, KyselyAuditTrail } from './record/audit-trail.ts';
import { KyselyRecordStore } from './record/record-store.ts';
import { requireColumns } from './require-columns.ts';
import { explained, openConnection, openReadingConnection } from './sqlite/connection.ts';
import { pathOfUrl, prepareFile, requireFile, sameFileGuard } from './sqlite/database-file.ts';
import { nodeSqliteDialect } from './sqlite/sqlite-dialect.ts';
import { damageOf } from './sqlite/whole-file.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { auditHead } from './tables/chain/audit-entries.ts';
import type { Tables } from './tables/tables.ts';
import type { RunTask } from './thread/second-thread.ts';

/**
 * Opens the record at `sqlite:PATH`, creates it if it is missing, and upgrades an older one.
 *
 * @throws StoreUnavailable if that fails; its message says why, and what to do.
 */
export async function openSqliteStore(url: string, { clock }: { readonly clock: Clock }): Promise<OpenedStore> {
  const path = pathOfUrl(url);
  await prepareFile(path);
  const db = kyselyOver(await openConnection(path));
  await closingOnFailure(db, path, async () => {
    await upgrade(db, path);
    await requireColumns(db, path);
  });
  const requireSameFile = sameFileGuard(path);
  const around = { beforeEach: requireSameFile, explained: (error: unknown) => explained(error, path) };
  return {
    store: new KyselyRecordStore(db, clock, around),
    outbox: new KyselyOutbox(db, clock),
    auditTrail: auditTrailOver(db, path),
    ping: () => ping(db, path, requireSameFile),
    close: () => checkpointAndClose(db),
  };
}

/** As {@link openSqliteStore}, but a record that is missing is not created. */
export async function openExistingStore(url: string, parts: { readonly clock: Clock }): Promise<OpenedStore> {
  await requireFile(pathOfUrl(url));
  return openSqliteStore(url, parts);
}

type Threads = { readonly from?: number; readonly runTask?: RunTask };

/** A record with fewer entries is checked by one thread before a second one has begun. */
const ENTRIES_FOR_TWO_THREADS = 50_000;

/**
 * Opens an existing record for reading. Creates and upgrades nothing. Throws like {@link openSqliteStore}.
 *
 * @param threads.from a record with so many entries is checked by two threads
 */
export async function openSqliteAuditTrail(url: string, threads: Threads = {}): Promise<OpenedTrail> {
  const path = pathOfUrl(url);
  await requireFile(path);
  const requireSameFile = sameFileGuard(path);
  const db = kyselyOver(await openReadingConnection(path));
  await closingOnFailure(db, path, async () => {
    await requireSchema(db, path, ['current']);
    await requireColumns(db, path);
  });
  const { from = availableParallelism() > 1 ? ENTRIES_FOR_TWO_THREADS : Infinity, runTask } = threads;
  const helperFor = async (beside: Beside) => {
    if (((await auditHead(db))?.sequence ?? 0) < from) return null;
    const { helpVerify } = await import('./thread/help-verify.ts');
    return helpVerify(db, beside, { path, requireSameFile, runTask });
  };
  return { auditTrail: auditTrailOver(db, path, helperFor), close: () => db.destroy() };
}

function kyselyOver(database: DatabaseSync): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: nodeSqliteDialect(database) });
}

function auditTrailOver(
  db: Kysely<Tables>,
  path: string,
  helperFor?: (beside: Beside) => Promise<Helper | null>,
): AuditTrail {
  return new KyselyAuditTrail(db, {
    explained: (error) => explained(error, path),
    requireWhole: async (snapshot) => {
      const damage = await damageOf(snapshot, path);
      if (damage !== null) throw new StoreUnavailable(damage);
    },
    helperFor,
  });
}

async function closingOnFailure(db: Kysely<Tables>, path: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await db.destroy();
    throw explained(error, path);
  }
}

async function ping(db: Kysely<Tables>, path: string, requireSameFile: () => void): Promise<void> {
  try {
    await db.transaction().execute(async (tx) => {
      requireSameFile();
      await auditHead(tx);
    });
  } catch (error) {
    throw explained(error, path);
  }
}

/** Leaves one file, without a separate write-ahead log. */
async function checkpointAndClose(db: Kysely<Tables>): Promise<void> {
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
  await db.destroy();
}
