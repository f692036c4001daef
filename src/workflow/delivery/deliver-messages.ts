import type { Clock, Log } from '../ports/bot.ts';
import type { Turn } from '../ports/bots.ts';
import type { Act, Delivery, DeliveryLine, Messenger, Outbox, PendingMessage, Traffic } from '../ports/messages.ts';
import { ChannelPacer } from './channel-pacer.ts';
import { LONGEST_PAUSE_MS, lineOf } from './next-in-line.ts';
import { type RefusalNeeds, RefusedChannels } from './refused-channels.ts';
import { Turns } from './turns.ts';
import type { Wake } from './wake.ts';

/** A few at a time keep slow channels from delaying the others. */
const AT_ONCE = 8;
/** A message that was put off is tried again within this time. */
const LOOK_EVERY_MS = 500;
/** After broken infrastructure, such as a full disk under the store. */
const AFTER_FAILURE_MS = 2_000;
const AFTER_LOST_THREAD_MS = 10_000;
/** Without any answer of Slack. */
const YIELD_AFTER_MS = 15_000;
/** Logged by a bot that lets another one deliver. */
export const YIELDED = 'Slack gives no answer here; another bot is to deliver';

type Post = {
  readonly outbox: Outbox;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly wake: Wake;
  /** Absent: no one is told of a channel that takes nothing. */
  readonly tellRefusals?: RefusalNeeds;
  /** Takes what reached Slack after the turn had been lost, as this message. Absent: it can't be lost. */
  readonly late?: (message: PendingMessage, ts: string) => void;
};

/**
 * Delivery: brings Slack to the state that the store wants it to show.
 *
 * - The store holds desired messages, each with a version. A message waits until Slack shows its newest version or
 *   refuses it for good. Both are recorded.
 * - If a thread is gone in Slack, it is posted again as a whole: who deleted it did not delete what is on record.
 * - A delivery is marked before it is tried. If its response is lost, the messenger first searches for the message in
 *   Slack, so nothing is posted twice.
 * - At most one message of an incident is on its way, so a thread keeps its order. Incidents do not wait for each
 *   other.
 * - No channel gets more than the messenger's pace. A refusal for too many messages pauses the whole channel; one of a
 *   file or a look-up delays only its message.
 * - After `stop` it delivers due messages, and ends at once if the store can no longer be written. If another bot is to deliver, it ends
 *   what is on its way and begins nothing.
 */
export async function deliverMessagesUntil(turn: Turn, post: Post): Promise<void> {
  const { stop } = turn;
  const line: Line = {
    pacer: new ChannelPacer(post.messenger.pace, post.clock),
    turns: new Turns(),
    underWay: new Map(),
    wentThrough: true,
    silentSince: null,
    channels: post.tellRefusals === undefined ? null : new RefusedChannels(post.tellRefusals),
  };
  let isStoreBroken = false;
  while (!(stop.aborted && (isStoreBroken || turn.isMoving()))) {
    for (const message of await nextMessages(post, line)) {
      const delivery = deliverLogged(turn, { ...post, line }, message).then((isRecorded) => {
        isStoreBroken = !isRecorded;
        line.underWay.delete(lineOfPending(message));
        post.wake.ring();
      });
      line.underWay.set(lineOfPending(message), delivery);
    }
    if (!stop.aborted) await post.wake.wait(post.clock, untilNextLook(line), stop);
    else if (line.underWay.size > 0) await Promise.race(line.underWay.values());
    else if (!(await isPaced(post, line))) return;
  }
  await Promise.all(line.underWay.values());
}

/** What is on its way to Slack, and what Slack takes now. */
type Line = {
  readonly pacer: ChannelPacer;
  readonly turns: Turns;
  readonly underWay: Map<DeliveryLine, Promise<void>>;
  /** The last delivery succeeded. */
  wentThrough: boolean;
  /** Since when Slack gives no answer at all, in milliseconds. Null: it does. */
  silentSince: number | null;
  readonly channels: RefusedChannels | null;
};

function untilNextLook({ pacer }: Line): number {
  return Math.min(LOOK_EVERY_MS, pacer.msUntilRoom() ?? LOOK_EVERY_MS);
}

/**
 * After the stop: whether due messages only wait for room in their channel. Then it waits for that room, but not for the end of a pause:
 * the next start delivers what is left.
 */
async function isPaced(post: Post, line: Line): Promise<boolean> {
  // With Slack away, what was tried first would be due again before all was tried.
  if (!line.wentThrough) return false;
  const { posts, edits } = post.messenger.pace;
  const ms = line.pacer.msUntilRoom();
  if (ms === null || ms > Math.max(posts.everyMs, edits.everyMs)) return false;
  if ((await readPending(post, 1)).length === 0) return false;
  await post.clock.sleep(ms);
  return true;
}

/** False if the store could not even record that the message is to be tried again. */
async function deliverLogged(turn: Turn, post: Post & { line: Line }, message: PendingMessage) {
  const about = { incident: message.incidentId, key: message.key };
  try {
    await deliver(turn, post, message);
    return true;
  } catch (error) {
    post.log.error({ ...about, err: error }, 'a message could not be delivered; it is tried again');
  }
  try {
    await postpone(post, message, { afterMs: AFTER_FAILURE_MS, doubt: 'maybe-posted' });
    return true;
  } catch (error) {
    post.log.error({ ...about, err: error }, 'the store could not record that a message is to be tried again');
    // A store that can be read but not written would offer the message again at once, forever.
    await post.clock.sleep(AFTER_FAILURE_MS, turn.stop);
    return false;
  }
}

/** One message an incident at a time: a thread keeps its order. */
async function nextMessages(post: Post, { pacer, turns, underWay }: Line): Promise<readonly PendingMessage[]> {
  const free = AT_ONCE - underWay.size;
  if (free <= 0) return [];
  const pending = await readPending(post, free, {
    isUnderWay: (one) => underWay.has(one),
    room: (channel, act) => pacer.room(channel, act),
    turnOf: (one) => turns.of(one),
  });
  for (const message of pending) {
    pacer.take(message.channel, actOf(message));
    turns.note(lineOfPending(message));
  }
  return pending;
}

async function readPending(post: Post, limit: number, traffic?: Traffic): Promise<readonly PendingMessage[]> {
  return post.outbox.pending(limit, post.clock.now(), traffic).catch((error: unknown) => {
    post.log.error({ err: error }, 'the outbox could not be read; the next try follows');
    return [];
  });
}

async function deliver(turn: Turn, post: Post & { line: Line }, message: PendingMessage): Promise<void> {
  const { outbox, messenger, log, line } = post;
  for (const { key } of rowsOf(message)) await outbox.markTrying(key);
  if (!turn.isOurs()) throw new Error('another bot may be delivering');
  const delivery = await messenger.deliver(message);
  line.wentThrough = delivery.kind !== 'retry';
  noteSilence(turn, post, delivery);
  const about = { incident: message.incidentId, key: message.key };
  switch (delivery.kind) {
    case 'delivered':
      log.debug(about, 'delivered');
      await markDelivered(turn, post, message, delivery);
      return told(log, line.channels?.took(message.channel, actOf(message)));
    case 'retry':
      log.warn(
        { ...about, why: delivery.why, afterMs: delivery.afterMs },
        'Slack did not take a message; trying again',
      );
      if (delivery.pausesChannel) line.pacer.pause(message.channel, actOf(message), delivery.afterMs);
      await postpone(post, message, delivery);
      if (delivery.channelRefused === undefined) return;
      return told(log, line.channels?.refused(message.channel, actOf(message), delivery.channelRefused));
    case 'thread-gone':
      log.error({ ...about, why: delivery.why }, 'a thread is gone in Slack; it is posted again');
      await outbox.postThreadAgain(message.key);
      // If Slack says the same of the new thread, there is time between the tries.
      return postpone(post, message, { afterMs: AFTER_LOST_THREAD_MS, doubt: 'not-posted' });
    case 'refused':
      log.error({ ...about, why: delivery.why }, 'Slack will not take a message');
      for (const { key, version } of rowsOf(message)) await outbox.giveUp(key, version, delivery.why);
  }
}

/** What was told of the channel makes no difference to the message: the next one tells again. */
async function told(log: Log, telling: Promise<void> | undefined): Promise<void> {
  await telling?.catch((error: unknown) => {
    log.error({ err: error }, 'the store could not record what is told of a channel; the next message tells it');
  });
}

/** Slack might answer another bot, if only this one is cut off from it. */
function noteSilence(turn: Turn, { line, clock, log }: Post & { line: Line }, delivery: Delivery): void {
  const isSilent = delivery.kind === 'retry' && delivery.why.kind === 'no-answer';
  const now = clock.now().getTime();
  line.silentSince = isSilent ? (line.silentSince ?? now) : null;
  if (line.silentSince === null || now - line.silentSince < YIELD_AFTER_MS || turn.isMoving()) return;
  turn.yield();
  if (turn.isMoving()) log.warn({ silentMs: now - line.silentSince }, YIELDED);
}

async function markDelivered(
  turn: Turn,
  { outbox, late }: Post,
  message: PendingMessage,
  { ts, shown }: Extract<Delivery, { kind: 'delivered' }>,
): Promise<void> {
  try {
    for (const { key, version } of rowsOf(message)) await outbox.markDelivered(key, version, ts, shown);
  } finally {
    if (!turn.isOurs()) late?.(message, ts);
  }
}

async function postpone(
  { outbox, clock }: Post,
  message: PendingMessage,
  { afterMs, doubt }: Pick<Extract<Delivery, { kind: 'retry' }>, 'afterMs' | 'doubt'>,
): Promise<void> {
  const until = new Date(clock.now().getTime() + Math.min(afterMs, LONGEST_PAUSE_MS));
  for (const { key } of rowsOf(message)) await outbox.postpone(key, until, doubt);
}

/** The message itself, and those that go out in the same post. */
function rowsOf(message: PendingMessage): readonly Pick<PendingMessage, 'key' | 'version'>[] {
  return [message, ...(message.folded ?? [])];
}

function actOf({ ts }: PendingMessage): Act {
  return ts === null ? 'post' : 'edit';
}

function lineOfPending({ incidentId, channel, body }: PendingMessage): DeliveryLine {
  return lineOf({ incidentId, channel, kind: body.kind });
}
