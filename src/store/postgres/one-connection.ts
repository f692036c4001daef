import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Client } from 'pg';
import { END_LIMIT_MS } from './limits.ts';

/**
 * The one connection that writes, in the form of a pool. Its session can hold the right to be the one bot, so what it
 * writes is written under that right: when it is lost, so is the right, and what was under way.
 */
export class OneConnection implements PostgresPool {
  readonly options = {};
  readonly #limitMs: number;
  readonly #open: () => Promise<Client>;
  #client: Client | null = null;
  #isLeft = false;
  #turn: Promise<void> = Promise.resolve();
  #failure: { readonly atMs: number; readonly error: unknown } | null = null;

  /** `open` resolves to a connection that may be used as it is. It is lost after `limitMs` of one use. */
  constructor(limitMs: number, open: () => Promise<Client>) {
    this.#limitMs = limitMs;
    this.#open = open;
  }

  async connect(): Promise<PostgresPoolClient> {
    const askedAtMs = performance.now();
    const { promise, resolve: giveTurn } = Promise.withResolvers<void>();
    const before = this.#turn;
    this.#turn = promise;
    await before;
    if (this.#isLeft && this.#client !== null) this.#drop(this.#client);
    this.#isLeft = false;
    try {
      if (this.#failure !== null && this.#failure.atMs >= askedAtMs) throw this.#failure.error;
      const client = this.#client ?? (await this.#opened());
      const overdue = setTimeout(() => this.#drop(client), this.#limitMs);
      return Object.assign(client, {
        release: (isBroken?: boolean) => {
          clearTimeout(overdue);
          if (isBroken) this.#drop(client);
          giveTurn();
        },
      });
    } catch (error) {
      giveTurn();
      throw error;
    }
  }

  /** Waits for the running transaction. */
  async end(): Promise<void> {
    await this.#turn;
    const client = this.#client;
    this.#client = null;
    if (client !== null) await endInTime(client);
  }

  /** The next use is over a new connection, which can lead to another server. */
  leave(): void {
    this.#isLeft = true;
  }

  /** Those who wait for their turn now do not wait for the same failure each. */
  refuseWaiting(error: unknown): void {
    this.#failure = { atMs: performance.now(), error };
  }

  async #opened(): Promise<Client> {
    try {
      const client = await this.#open();
      client.on('error', () => this.#drop(client));
      client.on('end', () => this.#drop(client));
      this.#client = client;
      return client;
    } catch (error) {
      this.refuseWaiting(error);
      throw error;
    }
  }

  /** Ends it, and with it whatever is under way. */
  #drop(client: Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    endInTime(client).catch(() => {});
  }
}

/** Ends a connection, also one whose other end is gone without a word. */
export async function endInTime(client: Client): Promise<void> {
  const overdue = setTimeout(() => client.connection.stream.destroy(), END_LIMIT_MS);
  await client.end().finally(() => clearTimeout(overdue));
}
