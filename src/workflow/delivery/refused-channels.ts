import type { ChannelId } from '../../model/record/ids.ts';
import type { ChannelRefusal, ChannelRefusedNotice } from '../../model/record/messages/notices.ts';
import type { Clock, Log } from '../ports/bot.ts';
import type { Act } from '../ports/messages.ts';
import type { RecordStore, RecordTransaction } from '../ports/record.ts';

/** What telling of a channel that takes nothing needs. */
export type RefusalNeeds = {
  readonly store: Pick<RecordStore, 'transact'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Where it is told, which can change. */
  readonly settings: { readonly incidentChannel: ChannelId };
};

/**
 * Tells the incident channel that Slack takes nothing in another channel until someone changes something there: one post for each time from
 * the first refusal until the channel takes messages again, edited meanwhile. It is on record, so a restart or another bot goes on with
 * it. Of the incident channel itself only log and metrics tell.
 */
export class RefusedChannels {
  readonly #needs: RefusalNeeds;
  /** Channels of which it is known that no refusal is told without its end. */
  readonly #fine = new Set<ChannelId>();

  constructor(needs: RefusalNeeds) {
    this.#needs = needs;
  }

  async refused(channel: ChannelId, act: Act, why: ChannelRefusal): Promise<void> {
    const { store, clock, log, settings } = this.#needs;
    this.#fine.delete(channel);
    const { incidentChannel } = settings;
    if (channel === incidentChannel) return;
    const now = clock.now().toISOString();
    const began = await store.transact(async (tx) => {
      const { told, number } = await newest(tx, channel);
      const waiting = Math.max(1, await tx.waitingFor(channel));
      const before = told === null || told.overAt !== null ? null : told;
      const body: ChannelRefusedNotice = {
        ...{ kind: 'channel-refused', channel, why, waiting, overAt: null },
        since: before?.since ?? now,
        act: before === null || act === 'post' ? act : before.act,
      };
      const key = keyOf(channel, before === null ? number + 1 : number);
      await tx.putNotice({ key, channel: incidentChannel, body });
      return before === null ? { waiting } : null;
    });
    if (began !== null)
      log.error({ channel, why, ...began }, 'Slack takes nothing in a channel; the incident channel is told');
  }

  /** That edits are taken says nothing of posts. */
  async took(channel: ChannelId, act: Act): Promise<void> {
    if (this.#fine.has(channel)) return;
    const { store, clock, settings } = this.#needs;
    const overAt = clock.now().toISOString();
    const isFine = await store.transact(async (tx) => {
      const { told, number } = await newest(tx, channel);
      if (told === null || told.overAt !== null) return true;
      if (act === 'edit' && told.act === 'post') return false;
      await tx.putNotice({ key: keyOf(channel, number), channel: settings.incidentChannel, body: { ...told, overAt } });
      return true;
    });
    if (isFine) this.#fine.add(channel);
  }
}

/** What was told last of the channel, and how often it refused until now. */
async function newest(
  tx: RecordTransaction,
  channel: ChannelId,
): Promise<{ readonly told: ChannelRefusedNotice | null; readonly number: number }> {
  let told: ChannelRefusedNotice | null = null;
  for (let number = 0; ; number += 1) {
    const next = await tx.notice(keyOf(channel, number + 1));
    if (next?.kind !== 'channel-refused') return { told, number };
    told = next;
  }
}

function keyOf(channel: ChannelId, number: number): string {
  return `channel-refused:${channel}:${number}`;
}
