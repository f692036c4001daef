import type { Kysely, Updateable } from 'kysely';
import { ChannelId } from '../../model/record/ids.ts';
import type { GiveUpReason } from '../../model/record/slack-failure.ts';
import { nextInLine } from '../../workflow/delivery/next-in-line.ts';
import type { Backlog, Clock, Outbox, PendingMessage } from '../../workflow/ports.ts';
import { RecordDamaged } from '../store-unavailable.ts';
import { toKeptMessage } from '../tables/messages.ts';
import { readRow, toJson } from '../tables/rows.ts';
import type { Tables } from '../tables/tables.ts';

/** The outbox in table `messages`. Each call is one durable statement. */
export class KyselyOutbox implements Outbox {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;

  constructor(db: Kysely<Tables>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async pending(limit: number, now: Date): Promise<readonly PendingMessage[]> {
    const next = nextInLine(await this.#waiting(), limit, now);
    const pending: PendingMessage[] = [];
    for (const { id } of next) {
      const message = await this.#read(id);
      if (message) pending.push(message);
    }
    return pending;
  }

  async markTrying(key: string): Promise<void> {
    await this.#update(key, { trying: 1 });
  }

  async markDelivered(key: string, version: number, ts: string): Promise<void> {
    await this.#update(key, {
      ts,
      delivered_version: version,
      delivered_at: this.#clock.now().toISOString(),
    });
  }

  async postpone(key: string, until: Date): Promise<void> {
    await this.#update(key, { not_before: until.toISOString() });
  }

  async giveUp(key: string, version: number, why: GiveUpReason): Promise<void> {
    await this.#update(key, { gave_up_version: version, gave_up_reason: toJson(why) });
  }

  async backlog(): Promise<Backlog> {
    const { messages, waitingSince } = await this.#undelivered()
      .where(({ or, eb }) =>
        or([
          eb('message.placement', '=', 'channel'),
          eb('head.ts', 'is not', null),
          eb('head.version', '>', (head) => head.ref('head.gave_up_version')),
        ]),
      )
      .select(({ fn }) => [
        fn.countAll<number>().as('messages'),
        fn.min<string | null>('message.waiting_since').as('waitingSince'),
      ])
      .executeTakeFirstOrThrow();
    return { messages: Number(messages), waitingSince };
  }

  /** Each message whose newest version Slack does not show, beside the channel message of its thread. */
  #undelivered() {
    return this.#db
      .selectFrom('messages as message')
      .leftJoin('messages as head', (join) =>
        join.onRef('head.incident_id', '=', 'message.incident_id').on('head.placement', '=', 'channel'),
      )
      .whereRef('message.version', '>', 'message.delivered_version')
      .whereRef('message.version', '>', 'message.gave_up_version');
  }

  /**
   * Every undelivered message that can be delivered. A thread without its channel message cannot be posted. When the
   * channel message is given up, its whole thread is, and returns if the channel message is posted later.
   */
  async #waiting() {
    const rows = await this.#undelivered()
      .select([
        'message.id',
        'message.incident_id as incidentId',
        'message.placement',
        'message.kind',
        'message.ts',
        'message.not_before as notBefore',
        'message.waiting_since as waitingSince',
      ])
      .where(({ or, eb }) => or([eb('message.placement', '=', 'channel'), eb('head.ts', 'is not', null)]))
      .execute();
    return rows.map(({ ts, placement, ...row }) => ({
      ...row,
      isHead: placement === 'channel',
      isPosted: ts !== null,
    }));
  }

  /**
   * Reads a message. Null: it can't be read. It is then given up with that reason, so that it does not delay others.
   */
  async #read(id: number): Promise<PendingMessage | null> {
    const row = await this.#db
      .selectFrom('messages as message')
      .leftJoin('incidents', 'incidents.id', 'message.incident_id')
      .leftJoin('messages as head', (join) =>
        join.onRef('head.incident_id', '=', 'message.incident_id').on('head.placement', '=', 'channel'),
      )
      .selectAll('message')
      .select(['incidents.channel as incident_channel', 'head.ts as thread_ts'])
      .where('message.id', '=', id)
      .executeTakeFirstOrThrow();
    try {
      return {
        ...toKeptMessage(row),
        version: row.version,
        channel: channelOf(row),
        ts: row.ts,
        threadTs: row.thread_ts,
        maybePosted: row.trying === 1 && row.ts === null,
      };
    } catch (error) {
      if (!(error instanceof RecordDamaged) || error.problem.kind !== 'unreadable') throw error;
      await this.giveUp(row.key, row.version, error.problem);
      return null;
    }
  }

  async #update(key: string, change: Updateable<Tables['messages']>): Promise<void> {
    const { numUpdatedRows } = await this.#db
      .updateTable('messages')
      .set(change)
      .where('key', '=', key)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new Error(`there is no message ${key}`);
  }
}

/** A notice has a channel of its own. */
function channelOf(row: {
  key: string;
  incident_id: number | null;
  channel: string | null;
  incident_channel: string | null;
}): ChannelId {
  if (row.incident_id === null) return readRow({ table: 'messages', key: row.key }, ChannelId, () => row.channel);
  return readRow({ table: 'incidents', key: row.incident_id }, ChannelId, () => row.incident_channel);
}
