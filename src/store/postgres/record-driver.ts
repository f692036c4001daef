import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  type PostgresPool,
  PostgresQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import { StoreUnavailable } from '../store-unavailable.ts';
import { WRITER } from './advisory-locks.ts';
import { explained, isServersVerdict } from './problems.ts';

/** Kysely's Postgres, with transactions that several processes can have on one record. */
export function recordDialect(pool: PostgresPool, server: string, right?: Right): Dialect {
  return {
    createDriver: () => new RecordDriver(pool, server, right),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

/** On what writing depends. Resolves to why it is refused. Null: it is not. */
export type Right = (ask: (query: CompiledQuery) => Promise<readonly unknown[]>) => Promise<StoreUnavailable | null>;

type Rollback = Parameters<PostgresDriver['rollbackTransaction']>;

class RecordDriver extends PostgresDriver {
  readonly #server: string;
  readonly #right: Right | undefined;
  readonly #explaining = new WeakSet<DatabaseConnection>();

  constructor(pool: PostgresPool, server: string, right?: Right) {
    super({ pool });
    this.#server = server;
    this.#right = right;
  }

  /** Whatever fails later on this connection says what to do. */
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection().catch((error: unknown) => this.#explain(error));
    if (this.#explaining.has(connection)) return connection;
    this.#explaining.add(connection);
    const execute = connection.executeQuery.bind(connection);
    connection.executeQuery = <R>(query: CompiledQuery) =>
      execute<R>(query).catch((error: unknown) => this.#explain(error));
    return connection;
  }

  #explain(error: unknown): never {
    throw explained(error, this.#server);
  }

  /**
   * One transaction writes at a time, as with SQLite's BEGIN IMMEDIATE: the lock comes first, and each later statement
   * sees whatever was committed before (postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED). One that
   * only reads sees one snapshot and waits for no one.
   */
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    if (settings.accessMode === 'read only') {
      return super.beginTransaction(connection, { ...settings, isolationLevel: 'repeatable read' });
    }
    await super.beginTransaction(connection, settings);
    try {
      await connection.executeQuery(CompiledQuery.raw('select pg_advisory_xact_lock($1, $2)', [...WRITER]));
      const refusal = await this.#right?.(async (query) => (await connection.executeQuery(query)).rows);
      if (refusal) throw refusal;
    } catch (error) {
      // Kysely takes a transaction whose beginning failed for one that never began.
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => {});
      throw error;
    }
  }

  /** If the connection is lost here, no one was told whether the server has committed. */
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.commitTransaction(connection);
    } catch (error) {
      if (isServersVerdict(error)) throw error;
      throw new StoreUnavailable({ kind: 'commit-unknown', server: this.#server }, { cause: error });
    }
  }

  /** A connection that is lost has ended its transaction. Its error would hide the reason. */
  override async rollbackTransaction(connection: Rollback[0]): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => {});
  }
}
