import type { ChannelId } from '../../model/record/ids.ts';
import type { Clock, Log } from '../ports/bot.ts';
import type { Outbox, PendingMessage } from '../ports/messages.ts';

const ASK_EVERY_MS = 1_000;
/** Long enough for the other bot to deliver the message, if Slack can be reached at all. */
const LIMIT_MS = 600_000;

export type LateNeeds = {
  readonly outbox: Outbox;
  /** Removes a post of ours. One that is gone is removed. */
  readonly removePost: (channel: ChannelId, ts: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Undoes what reached Slack as `ts` after this bot had lost the turn at the delivery, which happens if it is stopped in the middle of a
 * request. A post that another bot has made as well is removed. An edit may have brought an older version back, so the newest
 * is delivered again. If the other bot has found this very post, nothing has to be undone.
 */
export async function undoLate(
  stop: AbortSignal,
  needs: LateNeeds,
  message: PendingMessage,
  ts: string,
): Promise<void> {
  const { clock, log } = needs;
  const about = { incident: message.incidentId, key: message.key };
  log.warn(about, 'a message reached Slack after another bot might have delivered it');
  const deadline = clock.now().getTime() + LIMIT_MS;
  while (!stop.aborted && clock.now().getTime() < deadline) {
    try {
      if (await isUndone(needs, message, ts)) return;
    } catch (error) {
      log.warn({ ...about, err: error }, 'what reached Slack late could not be undone; the next try follows');
    }
    await clock.sleep(ASK_EVERY_MS, stop);
  }
  log.error(about, 'a message reached Slack late, and may be there twice');
}

/** False: it is not known yet which post is to stay. */
async function isUndone({ outbox, removePost }: LateNeeds, message: PendingMessage, ts: string): Promise<boolean> {
  if (message.ts === ts) {
    await outbox.deliverAgain(message.key);
    return true;
  }
  const stays = await outbox.shownAs(message.key);
  if (stays === null || stays === message.ts) return false;
  if (stays !== ts) await removePost(message.channel, ts);
  return true;
}
