import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  type PostgresPool,
  type PostgresPoolClient,
  PostgresQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import { preparedName } from '../prepared.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import { WRITER } from './advisory-locks.ts';
import type { Question } from './known-end.ts';
import { explained, isServersVerdict, isWaitTooLong } from './problems.ts';
import type { Row } from './row.ts';

/** Kysely's Postgres, with transactions that several processes can have on one record. */
export function recordDialect(pool: WritingPool, server: string, right?: Right): Dialect {
  return {
    createDriver: () => new RecordDriver(pool, server, right),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

type WritingPool = PostgresPool & {
  /** Refuses all that wait for a connection now, for this reason. */
  refuseWaiting?(error: unknown): void;
};

/** On what writing depends. Asked at the beginning of each transaction. */
export type Right = () => Question;

type Rollback = Parameters<PostgresDriver['rollbackTransaction']>;

class RecordDriver extends PostgresDriver {
  readonly #pool: WritingPool;
  readonly #server: string;
  readonly #right: Right | undefined;
  readonly #explaining = new WeakSet<DatabaseConnection>();

  constructor(pool: WritingPool, server: string, right?: Right) {
    super({ pool: withLastResults(pool) });
    this.#pool = pool;
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
   * sees whatever was committed before (postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED). The server
   * gets it all as one text, and runs one statement of it after the other, each with a snapshot of its own. A transaction
   * that only reads sees one snapshot and waits for no one.
   */
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    if (settings.accessMode === 'read only') {
      return super.beginTransaction(connection, { ...settings, isolationLevel: 'repeatable read' });
    }
    const question = this.#right?.();
    try {
      const { rows } = await connection.executeQuery<Row>(CompiledQuery.raw(beginning(question)));
      question?.require(rows);
    } catch (error) {
      if (isWaitTooLong(error)) this.#pool.refuseWaiting?.(error);
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

/** The question is a statement after the lock: one that also waits for the lock would see what was before it waited. */
function beginning(question: Question | undefined): string {
  const lock = `select pg_advisory_xact_lock(${WRITER.join(', ')})`;
  return ['begin isolation level read committed', lock, ...(question ? [question.text] : [])].join('; ');
}

/**
 * Kysely reads one result: of several statements in one text it gets that of the last. It also has no name for a statement that the server is to
 * keep.
 */
function withLastResults(pool: PostgresPool): PostgresPool {
  const known = new WeakSet<PostgresPoolClient>();
  const connect = async () => {
    const client = await pool.connect();
    if (known.has(client)) return client;
    known.add(client);
    // Of pg, which also takes a named text: Kysely's type of it has only what Kysely calls.
    const query = client.query.bind(client) as (query: string | NamedText, values: readonly unknown[]) => unknown;
    const lastResult = async (text: string, values: readonly unknown[]) => {
      const name = preparedName(text);
      const results = await query(name === null ? text : { name, text }, values);
      return Array.isArray(results) ? results.at(-1) : results;
    };
    return Object.assign(client, { query: lastResult });
  };
  return { options: pool.options, connect, end: () => pool.end() };
}

type NamedText = { readonly name: string; readonly text: string };
