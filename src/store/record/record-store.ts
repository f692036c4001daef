import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { EntryMark } from '../../model/record/messages/thread-message.ts';
import type { Clock } from '../../workflow/ports/bot.ts';
import type { RecordStore, RecordTransaction } from '../../workflow/ports/record.ts';
import type { Tables } from '../tables/tables.ts';
import { recordTransaction } from './record-transaction.ts';

/** Of a transaction that the database undid because of another one. */
const ATTEMPTS = 3;

/**
 * The record in one database. Transactions run one after the other, each holding the write lock from its start. `work`
 * must only use its transaction, because everyone else waits for it.
 */
export class KyselyRecordStore implements RecordStore {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;
  readonly #beforeEach: () => void;
  readonly #explained: (error: unknown) => unknown;
  readonly #isUndoneByOthers: (error: unknown) => boolean;
  readonly #appended: (last: EntryMark) => void;
  readonly #current = new AsyncLocalStorage<{ isOpen: boolean }>();

  /**
   * `beforeEach` runs before each transaction and throws if the database may lose data. `explained` turns a database
   * error into one that tells the operator what to do. A transaction that was undone by others is tried again. `appended` is given the last
   * entry of a transaction once it is durable.
   */
  constructor(
    db: Kysely<Tables>,
    clock: Clock,
    around: {
      readonly beforeEach?: () => void;
      readonly explained?: (error: unknown) => unknown;
      readonly isUndoneByOthers?: (error: unknown) => boolean;
      readonly appended?: (last: EntryMark) => void;
    },
  ) {
    this.#db = db;
    this.#clock = clock;
    this.#beforeEach = around.beforeEach ?? (() => {});
    this.#explained = around.explained ?? ((error) => error);
    this.#isUndoneByOthers = around.isUndoneByOthers ?? (() => false);
    this.#appended = around.appended ?? (() => {});
  }

  async transact<T>(work: (tx: RecordTransaction) => Promise<T>): Promise<T> {
    if (this.#current.getStore()?.isOpen) {
      throw new Error('transact was called inside transact: it would wait for itself forever');
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(work);
      } catch (error) {
        if (attempt === ATTEMPTS || !this.#isUndoneByOthers(error)) throw this.#explained(error);
      }
    }
  }

  async #attempt<T>(work: (tx: RecordTransaction) => Promise<T>): Promise<T> {
    const entries: EntryMark[] = [];
    const result = await this.#db.transaction().execute(async (db) => {
      // SQLite answers without yielding: a series of transactions would keep Slack and hosts waiting until its end.
      await yieldToEventLoop();
      this.#beforeEach();
      const scope = { isOpen: true };
      try {
        const appended = (entry: EntryMark) => entries.push(entry);
        return await this.#current.run(scope, () => work(recordTransaction(db, this.#clock, appended)));
      } finally {
        scope.isOpen = false;
      }
    });
    const last = entries.at(-1);
    if (last !== undefined) this.#appended(last);
    return result;
  }
}
