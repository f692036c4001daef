import type { BotId, Leases, Renewal } from '../../workflow/ports/bots.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import type { Ask } from './ask.ts';
import type { KnownEnd } from './known-end.ts';
import type { Right } from './record-driver.ts';
import type { Row } from './row.ts';

/** How long a bot that says nothing is taken for alive. */
const LASTS_MS = 5_000;

/**
 * The leases in Postgres, over a connection of their own, so that a renewal waits for no other work. A bot is a row of `bots`. The first bot that
 * finds it too old deletes it, and with it all of its leases: what is deleted never comes back, whatever the server's clock does.
 */
export class PostgresLeases implements Leases {
  readonly lastsMs = LASTS_MS;
  readonly #query: Ask;
  #bot: BotId | null = null;

  constructor(ask: Ask) {
    this.#query = ask;
  }

  /** Null: it has not joined, or has left. */
  get bot(): BotId | null {
    return this.#bot;
  }

  async join(): Promise<BotId> {
    const [row] = await this.#query('insert into bots (seen_at) values (clock_timestamp()) returning id');
    const bot = Number(row?.['id']);
    this.#bot = bot;
    return bot;
  }

  async renew(): Promise<Renewal | null> {
    await this.#query(`delete from bots where ${TOO_OLD}`, [LASTS_MS]);
    const renewed = await this.#query('update bots set seen_at = clock_timestamp() where id = $1 returning id', [
      this.#bot,
    ]);
    if (renewed.length === 0) return null;
    const bots = await this.#query('select id from bots order by id');
    const [held] = await this.#query('select count(*) as held from leases where bot = $1', [this.#bot]);
    const asked = await this.#query('select name from leases where bot = $1 and asked_by is not null', [this.#bot]);
    return {
      bots: bots.map(({ id }) => Number(id)),
      held: Number(held?.['held']),
      asked: asked.map(nameOf),
    };
  }

  /** Always in the same order, or two bots that take many could wait for each other. */
  async take(names: readonly string[], { isAsked }: { readonly isAsked: boolean }): Promise<readonly string[]> {
    const rows = await this.#query(
      `insert into leases (name, bot) select name, $2 from unnest($1::text[]) as name order by name
       on conflict (name) do ${isAsked ? ASK : 'nothing'} returning name, bot`,
      [names, this.#bot],
    );
    return rows.filter(({ bot }) => Number(bot) === this.#bot).map(nameOf);
  }

  async release(names: readonly string[]): Promise<void> {
    await this.#query('delete from leases where bot = $1 and name = any($2)', [this.#bot, names]);
  }

  async leave(): Promise<void> {
    await this.#query('delete from bots where id = $1', [this.#bot]);
    this.#bot = null;
  }
}

const TOO_OLD = `seen_at <= clock_timestamp() - $1::bigint * interval '1 millisecond'`;
const ASK =
  'update set asked_by = excluded.bot where leases.bot <> excluded.bot and leases.asked_by is distinct from excluded.bot';

function nameOf({ name }: Row): string {
  return String(name);
}

/** Only a bot that the others take for alive may write, and only to a record that has what the bot has seen of it. Its own row has no entry. */
export function rightOf(leases: PostgresLeases, known: KnownEnd, server: string): Right {
  return () => {
    const question = known.question();
    return {
      text: `(${question.text}) union all select null, null from bots where id = ${Number(leases.bot ?? NO_BOT)}`,
      require: (rows) => {
        question.require(rows);
        if (!rows.some(({ sequence }) => sequence === null)) {
          throw new StoreUnavailable({ kind: 'out-of-touch', server });
        }
      },
    };
  };
}

/** Bots are counted from 1. */
const NO_BOT = 0;
