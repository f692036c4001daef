import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreProblem } from '../../model/record/store-problem.ts';
import type { SystemProblem } from '../../model/system-problem.ts';
import { StoreUnavailable } from '../store-unavailable.ts';

/** How long to wait for another process's transaction. Ours take milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;
/** Between two attempts at what another process is in the way of. */
const LONGEST_RETRY_MS = 8;

// Primary result codes: sqlite.org/rescode.html
const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** Opens the database so that what is committed survives a power cut (sqlite.org/pragma.html#pragma_synchronous). */
export function openConnection(path: string): Promise<DatabaseSync> {
  return configured(path, async (database) => {
    database.exec('PRAGMA synchronous = FULL');
    // What is erased is overwritten, not only marked as free (sqlite.org/pragma.html#pragma_secure_delete).
    database.exec('PRAGMA secure_delete = ON');
    await writeAhead(database, path);
  });
}

/** Opens the database only for reading. Its log might need recovery, so the file itself must be writable. */
export function openReadingConnection(path: string): Promise<DatabaseSync> {
  return configured(path, async (database) => {
    database.exec('PRAGMA query_only = ON');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  });
}

/** How long to wait for another process that takes or releases the same lock. This process is blocked meanwhile. */
const LOCK_TIMEOUT_MS = 500;

/**
 * Opens the database so that no other connection can, in this process or another. Null: another has it open like that.
 * The kernel releases it when the process ends, for whatever reason.
 */
export function openExclusively(path: string): DatabaseSync | null {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (primaryCode(error) === SQLITE_BUSY) return null;
    throw explained(error, path);
  }
}

async function configured(path: string, configure: (database: DatabaseSync) => Promise<void>): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    await configure(database);
    return database;
  } catch (error) {
    database?.close();
    throw explained(error, path);
  }
}

/**
 * Two processes that change the journal mode of a new file at once would wait for each other. SQLite fails one of them
 * immediately, whatever its busy timeout, and that one tries again.
 */
async function writeAhead(database: DatabaseSync, path: string): Promise<void> {
  await untilFree(() => {
    const mode = database.prepare('PRAGMA journal_mode = WAL').get();
    if (mode?.['journal_mode'] !== 'wal') throw new StoreUnavailable({ kind: 'no-write-ahead-log', path });
  });
}

/**
 * Takes the write lock (BEGIN IMMEDIATE), and waits up to the busy timeout for a transaction of another process.
 *
 * SQLite itself would sleep up to 100 ms between two attempts (sqliteDefaultBusyCallback in SQLite's main.c) with this process
 * blocked, and beside a process that writes without a pause it may get no turn for seconds. Frequent attempts at random
 * moments get one soon, and the event loop goes on meanwhile.
 */
export async function beginImmediate(database: DatabaseSync): Promise<void> {
  await untilFree(() => {
    database.exec('PRAGMA busy_timeout = 0');
    try {
      database.exec('BEGIN IMMEDIATE');
    } finally {
      database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  });
}

/** Attempts something, at random moments, until no other process is in its way or the busy timeout has passed. */
async function untilFree(attempt: () => void): Promise<void> {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (primaryCode(error) !== SQLITE_BUSY || performance.now() > deadline) throw error;
      await delay(Math.random() * LONGEST_RETRY_MS);
    }
  }
}

/** Turns an SQLite error into one that tells the operator what to do. Other errors stay as they are. */
export function explained(error: unknown, path: string): unknown {
  const code = primaryCode(error);
  if (code === null || !(error instanceof Error)) return error;
  return new StoreUnavailable(problemOf(code, { errno: null, said: error.message }, path), { cause: error });
}

/** The primary result code (sqlite.org/rescode.html), in the low byte of an extended one. Null: not an SQLite error. */
export function primaryCode(error: unknown): number | null {
  const isSqlite = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return isSqlite ? Number(error.errcode) & 0xff : null;
}

/** The problem for a result code. `why` is SQLite's own message. */
function problemOf(code: number, why: SystemProblem, path: string): StoreProblem {
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return { kind: 'locked', path, waitedMs: BUSY_TIMEOUT_MS };
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return { kind: 'not-writable', path, why };
    case SQLITE_FULL:
      return { kind: 'disk-full', path };
    case SQLITE_CORRUPT:
      return { kind: 'damaged', path, why };
    case SQLITE_NOTADB:
      return { kind: 'not-a-database', path };
    default:
      return { kind: 'failed', path, why };
  }
}
