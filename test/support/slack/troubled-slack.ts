import type { Outage } from '../../../src/playground/slack/faults.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { ChannelPacer } from '../../../src/workflow/delivery/channel-pacer.ts';
import type { Messenger, Outbox, Pace, PendingMessage } from '../../../src/workflow/ports/messages.ts';
import type { SimulatedClock } from '../bots/simulated-clock.ts';
import { unhurried } from '../bots/unhurried-outbox.ts';
import type { SeededRandom } from '../random.ts';

/** A Slack that is in trouble at random, and a store that fails at times, in simulated time. */

const OUTAGES: readonly Outage[] = [
  'refused',
  'http-500',
  'http-503',
  'internal_error',
  'fatal_error',
  'service_unavailable',
];
/** Answers after which a message is tried again. */
const REFUSALS = ['internal_error', 'request_timeout', 'not_in_channel', 'token_expired'] as const;
const LONGEST_RETRY_AFTER_S = 30;

export type TroubledSlack = {
  readonly messenger: Messenger;
  readonly tries: () => number;
  /** Outages, one after the other, until `stop`. Slack is back then. */
  readonly outagesUntil: (stop: AbortSignal) => Promise<void>;
};

type Around = { readonly slack: SlackStandIn; readonly clock: SimulatedClock; readonly random: SeededRandom };

/** The real messenger. Before each delivery Slack may get a fault, until `calm` fires. */
export function troubledSlack(messenger: Messenger, around: Around, calm: AbortSignal): TroubledSlack {
  const { slack, clock, random } = around;
  const limits = new ChannelPacer(randomLimits(random), clock);
  let tries = 0;
  return {
    tries: () => tries,
    messenger: {
      pace: messenger.pace,
      async deliver(message) {
        tries += 1;
        await clock.sleep(50 + random.int(500));
        if (!calm.aborted) prepareTrouble(around, message);
        keepToLimits(slack, limits, message);
        return clock.working(messenger.deliver(message));
      },
    },
    async outagesUntil(stop) {
      while (!stop.aborted) {
        await clock.sleep(10_000 + random.int(60_000), stop);
        if (stop.aborted) return;
        await clock.working(slack.outage(random.pick(OUTAGES)));
        await clock.sleep(5_000 + random.int(40_000), stop);
        await clock.working(slack.outage(null));
      }
    },
  };
}

/** Slack's own limits can be tighter than the messenger's pace. */
function randomLimits(random: SeededRandom): Pace {
  return {
    posts: { burst: 1 + random.int(3), everyMs: 1_000 + random.int(1_000) },
    edits: { burst: 1 + random.int(5), everyMs: 1_000 + random.int(1_000) },
  };
}

function prepareTrouble({ slack, random }: Around, message: PendingMessage): void {
  const method = methodOf(message);
  if (random.chance(8)) slack.dropNextResponse(method);
  if (random.chance(5)) slack.failNext(method, random.pick(REFUSALS));
  if (random.chance(5)) slack.rateLimit(method, 1 + random.int(LONGEST_RETRY_AFTER_S), 1);
  if (random.chance(5)) slack.rateLimit('conversations.replies', 1 + random.int(LONGEST_RETRY_AFTER_S), 1);
}

function keepToLimits(slack: SlackStandIn, limits: ChannelPacer, message: PendingMessage): void {
  const act = message.ts === null ? 'post' : 'edit';
  if (limits.room(message.channel, act) === 0) slack.rateLimit(methodOf(message), 1, 1);
  else limits.take(message.channel, act);
}

function methodOf({ ts }: PendingMessage): string {
  return ts === null ? 'chat.postMessage' : 'chat.update';
}

/** An outbox whose writes fail at times, until `calm` fires: what Slack took is then not on record. */
export function failingOutbox(outbox: Outbox, { clock, random }: Around, calm: AbortSignal): Outbox {
  const sound = unhurried(outbox, clock);
  const failAtTimes = () => {
    if (!calm.aborted && random.chance(3)) throw new Error('the disk is full');
  };
  return {
    ...sound,
    markDelivered: async (...given) => {
      failAtTimes();
      return sound.markDelivered(...given);
    },
    postpone: async (...given) => {
      failAtTimes();
      return sound.postpone(...given);
    },
  };
}
