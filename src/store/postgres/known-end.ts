import { EntryMark } from '../../model/record/messages/thread-message.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import type { Row } from './row.ts';

/** Of those that other bots appended since the last question. Whatever is left comes with the next one. */
const MOST_AT_ONCE = 100;

/** What is asked before something is done. */
export type Question = {
  /** The SQL of a statement without parameters. */
  readonly text: string;
  /** Takes its rows. Throws StoreUnavailable if nothing may be done. */
  readonly require: (rows: readonly Row[]) => void;
};

/**
 * The newest entry that this process has written or seen. A database without it is an older copy of the record, or another one: a former primary
 * that came back, a standby that was behind, a dump that was restored. Nothing is done on it, because what the missing entries tell was done. To
 * work on it anyway, start the process again.
 */
export class KnownEnd {
  readonly #server: string;
  readonly #log: Pick<Log, 'error' | 'info'> | undefined;
  #known: EntryMark | null = null;
  #isMissing = false;

  constructor(server: string, log?: Pick<Log, 'error' | 'info'>) {
    this.#server = server;
    this.#log = log;
  }

  /** The entry is durable. */
  see(entry: EntryMark): void {
    if (this.#known === null || entry.sequence > this.#known.sequence) this.#known = entry;
  }

  /** Its rows are for the entry and for newer ones. */
  question(): Question {
    const known = this.#known;
    const marks = 'select sequence, hash from audit_entries';
    const text =
      known === null
        ? `${marks} order by sequence desc limit 1`
        : `${marks} where sequence >= ${known.sequence} order by sequence limit ${MOST_AT_ONCE}`;
    return { text, require: (rows) => this.#require(known, rows) };
  }

  /** `known` is what was known when it was asked: while an answer is on its way, entries are appended and seen over other connections. */
  #require(known: EntryMark | null, rows: readonly Row[]): void {
    const isThere = rows.some(({ sequence, hash }) => sequence === known?.sequence && hash === known?.hash);
    if (known !== null && !isThere) {
      this.#tellMissing(known);
      throw new StoreUnavailable({ kind: 'older-copy', server: this.#server, entry: known.sequence });
    }
    this.#tellFound();
    for (const row of rows) {
      const { data: entry } = EntryMark.safeParse(row);
      if (entry !== undefined) this.see(entry);
    }
  }

  #tellMissing({ sequence: entry }: EntryMark): void {
    if (this.#isMissing) return;
    this.#isMissing = true;
    this.#log?.error(
      { server: this.#server, entry },
      'the database does not have an entry that this bot has seen: it is an older copy of the record or another one, and nothing is done on it; let store.url lead to the database that has the entry, or run audit verify and restart all bots to go on with this one',
    );
  }

  #tellFound(): void {
    if (!this.#isMissing) return;
    this.#isMissing = false;
    this.#log?.info({ server: this.#server }, 'the database has every entry again that this bot has seen');
  }
}
