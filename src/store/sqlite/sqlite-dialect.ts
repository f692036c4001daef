import type { DatabaseSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import { beginImmediate } from './connection.ts';
import { nodeSqliteDatabase } from './node-sqlite-database.ts';

/** Kysely's SQLite over `node:sqlite`, with transactions that two processes can have on one file. */
export function nodeSqliteDialect(database: DatabaseSync): Dialect {
  return {
    createDriver: () => new ImmediateDriver(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalDdlAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

class ImmediateDriver extends SqliteDriver {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    super({ database: nodeSqliteDatabase(database) });
    this.#database = database;
  }

  /**
   * A transaction that reads first and takes the write lock later fails at once with SQLITE_BUSY if another one wrote
   * in between (sqlite.org/isolation.html). One that takes the lock first waits for it, up to the busy timeout.
   */
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    if (settings?.accessMode === 'read only') await connection.executeQuery(CompiledQuery.raw('begin'));
    else await beginImmediate(this.#database);
  }

  /** Rolls back, unless SQLite already has after some errors (a full disk). Another rollback would hide the error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

/**
 * Kysely assumes no transactional DDL, but SQLite does roll back CREATE and ALTER (sqlite.org/lang_transaction.html).
 */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
