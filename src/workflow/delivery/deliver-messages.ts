import type { IncidentId } from '../../model/record/ids.ts';
import type { Clock, Log, Messenger, Outbox, PendingMessage } from '../ports.ts';
import type { Wake } from './wake.ts';

/** Slack takes about one message a second in a channel; a few at a time keep slow channels from delaying the others. */
const AT_ONCE = 8;
/** A message that was put off is tried again within this time. */
const LOOK_EVERY_MS = 500;
/** After broken infrastructure, such as a full disk under the store. */
const AFTER_FAILURE_MS = 2_000;

type Post = {
  readonly outbox: Outbox;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly wake: Wake;
};

/**
 * Delivery: brings Slack to the state that the store wants it to show.
 *
 * - The store holds desired messages, each with a version. A message waits until Slack shows its newest version or
 *   refuses it for good. Both are recorded.
 * - A delivery is marked before it is tried. If its response is lost, the messenger first searches for the message in
 *   Slack, so nothing is posted twice.
 * - At most one message of an incident is on its way, so a thread keeps its order. Incidents do not wait for each
 *   other.
 * - After `stop` it delivers due messages, and ends at once if the store can no longer be written.
 */
export async function deliverMessagesUntil(stop: AbortSignal, post: Post): Promise<void> {
  const underWay = new Map<IncidentId | null, Promise<void>>();
  let isStoreBroken = false;
  while (!(stop.aborted && isStoreBroken)) {
    for (const message of await nextMessages(post, underWay)) {
      const delivery = deliverLogged(stop, post, message).then((isRecorded) => {
        isStoreBroken = !isRecorded;
        underWay.delete(message.incidentId);
        post.wake.ring();
      });
      underWay.set(message.incidentId, delivery);
    }
    if (!stop.aborted) {
      await post.wake.wait(post.clock, LOOK_EVERY_MS, stop);
    } else {
      if (underWay.size === 0) return;
      await Promise.race(underWay.values());
    }
  }
}

/** False if the store could not even record that the message is to be tried again. */
async function deliverLogged(stop: AbortSignal, post: Post, message: PendingMessage): Promise<boolean> {
  const about = { incident: message.incidentId, key: message.key };
  try {
    await deliver(post, message);
    return true;
  } catch (error) {
    post.log.error({ ...about, err: error }, 'a message could not be delivered; it is tried again');
  }
  try {
    await post.outbox.postpone(message.key, new Date(post.clock.now().getTime() + AFTER_FAILURE_MS));
    return true;
  } catch (error) {
    post.log.error({ ...about, err: error }, 'the store could not record that a message is to be tried again');
    // A store that can be read but not written would offer the message again at once, forever.
    await post.clock.sleep(AFTER_FAILURE_MS, stop);
    return false;
  }
}

/** One message an incident at a time: a thread keeps its order. */
async function nextMessages(post: Post, underWay: ReadonlyMap<IncidentId | null, unknown>): Promise<PendingMessage[]> {
  const free = AT_ONCE - underWay.size;
  if (free <= 0) return [];
  const pending = await post.outbox.pending(free + underWay.size, post.clock.now()).catch((error: unknown) => {
    post.log.error({ err: error }, 'the outbox could not be read; the next try follows');
    return [];
  });
  return pending.filter((message) => !underWay.has(message.incidentId)).slice(0, free);
}

async function deliver({ outbox, messenger, clock, log }: Post, message: PendingMessage): Promise<void> {
  await outbox.markTrying(message.key);
  const delivery = await messenger.deliver(message);
  const about = { incident: message.incidentId, key: message.key };
  switch (delivery.kind) {
    case 'delivered':
      log.debug(about, 'delivered');
      return outbox.markDelivered(message.key, message.version, delivery.ts);
    case 'retry':
      log.warn(
        { ...about, why: delivery.why, afterMs: delivery.afterMs },
        'Slack did not take a message; trying again',
      );
      return outbox.postpone(message.key, new Date(clock.now().getTime() + delivery.afterMs));
    case 'refused':
      log.error({ ...about, why: delivery.why }, 'Slack will not take a message');
      return outbox.giveUp(message.key, message.version, delivery.why);
  }
}
