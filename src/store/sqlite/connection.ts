import { DatabaseSync } from 'node:sqlite';
import type { StoreProblem } from '../../model/store-problem.ts';
import { StoreUnavailable } from '../store-unavailable.ts';

/** How long to wait for another process's transaction. Ours take milliseconds; this process stands still meanwhile. */
const BUSY_TIMEOUT_MS = 5_000;

/** Opens the database so that what is committed survives a power cut (sqlite.org/pragma.html#pragma_synchronous). */
export function openConnection(path: string): DatabaseSync {
  return configured(path, (database) => {
    database.exec('PRAGMA synchronous = FULL');
    const mode = database.prepare('PRAGMA journal_mode = WAL').get();
    if (mode?.['journal_mode'] !== 'wal') throw new StoreUnavailable({ kind: 'no-write-ahead-log', path });
  });
}

/** Opens the database for reading alone; its log may have to be recovered, so the file itself must be writable. */
export function openReadingConnection(path: string): DatabaseSync {
  return configured(path, (database) => {
    database.exec('PRAGMA query_only = ON');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  });
}

function configured(path: string, configure: (database: DatabaseSync) => void): DatabaseSync {
  const database = explainingErrors(path, () => {
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  });
  try {
    explainingErrors(path, () => configure(database));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function explainingErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw explained(error, path);
  }
}

/** An SQLite error as what it means for whoever runs the bot; any other error as it is. */
export function explained(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  return new StoreUnavailable(problemOf(error.errcode, error.message, path), { cause: error });
}

/** Primary result codes (sqlite.org/rescode.html); an extended code has its primary one in the low byte. */
function problemOf(code: number, why: string, path: string): StoreProblem {
  switch (code & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return { kind: 'locked', path, waitedMs: BUSY_TIMEOUT_MS };
    case 3: // SQLITE_PERM
    case 8: // SQLITE_READONLY
    case 14: // SQLITE_CANTOPEN
      return { kind: 'not-writable', path, why };
    case 11: // SQLITE_CORRUPT
      return { kind: 'damaged', path, why };
    case 26: // SQLITE_NOTADB
      return { kind: 'not-a-database', path };
    default:
      return { kind: 'failed', path, why };
  }
}
