import type { Kysely, Updateable } from 'kysely';
import { ChannelId, type Sha256 } from '../../model/record/ids.ts';
import type { GiveUpReason } from '../../model/record/messages/slack-failure.ts';
import { type Next, nextInLine, type WaitingMessage } from '../../workflow/delivery/next-in-line.ts';
import type { Clock } from '../../workflow/ports/bot.ts';
import type { Backlog, FoldedLine, Outbox, PendingMessage, PostDoubt, Traffic } from '../../workflow/ports/messages.ts';
import { RecordDamaged } from '../store-unavailable.ts';
import { messagesInThreads, toKeptMessage, undelivered } from '../tables/messages.ts';
import { readRow, toJson } from '../tables/rows.ts';
import type { Tables } from '../tables/tables.ts';

/** The outbox in table `messages`. Each call is one durable statement or transaction. */
export class KyselyOutbox implements Outbox {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;

  constructor(db: Kysely<Tables>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async pending(limit: number, now: Date, traffic?: Traffic): Promise<readonly PendingMessage[]> {
    const next = nextInLine(await this.#waiting(), limit, now, traffic);
    const pending: PendingMessage[] = [];
    for (const one of next) {
      const message = await this.#readFolded(one);
      if (message) pending.push(message);
    }
    return pending;
  }

  async markTrying(key: string): Promise<void> {
    await this.#update(key, { trying: 1 });
  }

  async markDelivered(key: string, version: number, ts: string, shown?: Sha256): Promise<void> {
    await this.#update(key, {
      ts,
      delivered_version: version,
      delivered_at: this.#clock.now().toISOString(),
      shown: shown ?? null,
    });
  }

  async postpone(key: string, until: Date, doubt: PostDoubt): Promise<void> {
    const notBefore = { not_before: until.toISOString() };
    await this.#update(key, doubt === 'not-posted' ? { ...notBefore, trying: 0 } : notBefore);
  }

  async giveUp(key: string, version: number, why: GiveUpReason): Promise<void> {
    await this.#update(key, { gave_up_version: version, gave_up_reason: toJson(why) });
  }

  async deliverAgain(key: string): Promise<void> {
    await this.#update(key, { delivered_version: 0 });
  }

  async shownAs(key: string): Promise<string | null> {
    const row = await this.#db.selectFrom('messages').select('ts').where('key', '=', key).executeTakeFirstOrThrow();
    return row.ts;
  }

  async postThreadAgain(key: string): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const at = await tx
        .selectFrom('messages')
        .innerJoin('incidents', 'incidents.id', 'messages.incident_id')
        .select(['incident_id as incident', 'summarized_in as summary'])
        .where('key', '=', key)
        .executeTakeFirstOrThrow();
      const notPosted = { ts: null, delivered_version: 0, delivered_at: null, shown: null, gave_up_version: 0 };
      const inThread = tx.selectFrom('incidents').select('id').where('summarized_in', '=', at.summary);
      const isFirst = at.summary === null ? 'channel' : 'summary';
      await tx
        .updateTable('messages')
        .set((eb) => ({
          ...notPosted,
          trying: eb.case().when('placement', '=', isFirst).then(1).else(0).end(),
        }))
        .where('body', 'is not', null)
        .where(({ eb, or, and }) =>
          at.summary === null
            ? eb('incident_id', '=', at.incident)
            : or([
                and([eb('incident_id', '=', at.summary), eb('placement', '=', 'summary')]),
                and([eb('incident_id', 'in', inThread), eb('placement', '!=', 'summary')]),
              ]),
        )
        .execute();
    });
  }

  async backlog(): Promise<Backlog> {
    const { messages, waitingSince } = await undelivered(this.#db)
      .where(({ or, and, eb }) =>
        or([
          eb('message.placement', '=', 'summary'),
          eb('summary.ts', 'is not', null),
          eb('summary.version', '>', (summary) => summary.ref('summary.gave_up_version')),
          and([
            eb('incidents.summarized_in', 'is', null),
            or([
              eb('message.placement', '=', 'channel'),
              eb('head.ts', 'is not', null),
              eb('head.version', '>', (head) => head.ref('head.gave_up_version')),
            ]),
          ]),
        ]),
      )
      .select(({ fn }) => [
        fn.countAll<number>().as('messages'),
        fn.min<string | null>('message.waiting_since').as('waitingSince'),
      ])
      .executeTakeFirstOrThrow();
    return { messages: Number(messages), waitingSince };
  }

  /**
   * The undelivered messages that can be delivered. A thread can't be posted before its channel message. It is given up
   * with that message, and delivered if that message is posted later.
   */
  async #waiting(): Promise<readonly WaitingMessage[]> {
    const rows = await undelivered(this.#db)
      .select([
        'message.id',
        'message.incident_id as incidentId',
        'message.kind',
        'message.ts',
        'message.trying',
        'message.not_before as notBefore',
        'message.waiting_since as waitingSince',
      ])
      .select(({ fn }) => fn.coalesce('incidents.channel', 'message.channel').$notNull().as('channel'))
      .where(({ or, and, eb }) =>
        or([
          eb('message.placement', '=', 'summary'),
          eb('summary.ts', 'is not', null),
          and([
            eb('incidents.summarized_in', 'is', null),
            or([eb('message.placement', '=', 'channel'), eb('head.ts', 'is not', null)]),
          ]),
        ]),
      )
      .execute();
    return rows.map(({ ts, trying, ...row }) => ({
      ...row,
      isPosted: ts !== null,
      isTried: trying === 1,
    }));
  }

  async #readFolded({ message, folded }: Next): Promise<PendingMessage | null> {
    const first = await this.#read(message.id);
    if (first === null || folded.length === 0) return first;
    const lines: FoldedLine[] = [];
    for (const { id } of folded) {
      const line = await this.#read(id);
      if (line?.body.kind === 'record') lines.push({ key: line.key, version: line.version, body: line.body });
    }
    return { ...first, folded: lines };
  }

  /**
   * Reads a message. Null: it can't be read. It is then given up with that reason, so that it does not delay others.
   */
  async #read(id: number): Promise<PendingMessage | null> {
    const row = await messagesInThreads(this.#db)
      .selectAll('message')
      .select(['incidents.channel as incident_channel', 'incidents.summarized_in'])
      .select(['head.ts as head_ts', 'summary.ts as summary_ts'])
      .where('message.id', '=', id)
      .executeTakeFirstOrThrow();
    try {
      return {
        ...toKeptMessage(row),
        version: row.version,
        channel: channelOf(row),
        ts: row.ts,
        ...placeOf(row),
        maybePosted: row.trying === 1 && row.ts === null,
      };
    } catch (error) {
      if (!(error instanceof RecordDamaged) || error.problem.kind !== 'unreadable') throw error;
      await this.giveUp(row.key, row.version, error.problem);
      return null;
    }
  }

  async #update(key: string, change: Updateable<Tables['messages']>): Promise<void> {
    // As a transaction, so that a bot that was out of touch changes nothing.
    const { numUpdatedRows } = await this.#db
      .transaction()
      .execute((tx) => tx.updateTable('messages').set(change).where('key', '=', key).executeTakeFirst());
    if (numUpdatedRows !== 1n) throw new Error(`there is no message ${key}`);
  }
}

/** The channel of a message: a message without an incident has its own, any other that of its incident. */
function channelOf(row: {
  key: string;
  incident_id: number | null;
  channel: string | null;
  incident_channel: string | null;
}): ChannelId {
  if (row.incident_id === null) return readRow({ table: 'messages', key: row.key }, ChannelId, () => row.channel);
  return readRow({ table: 'incidents', key: row.incident_id }, ChannelId, () => row.incident_channel);
}

type Placed = {
  readonly placement: string;
  readonly summarized_in: number | null;
  readonly head_ts: string | null;
  readonly summary_ts: string | null;
};

/**
 * The channel or thread that a message goes into. All messages of a summarized incident, its channel message included,
 * go into the thread of the summary.
 */
function placeOf(row: Placed): Pick<PendingMessage, 'placement' | 'threadTs'> {
  if (row.placement === 'summary') return { placement: 'channel', threadTs: null };
  if (row.summarized_in !== null) return { placement: 'thread', threadTs: row.summary_ts };
  return { placement: row.placement === 'channel' ? 'channel' : 'thread', threadTs: row.head_ts };
}
