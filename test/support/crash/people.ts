import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction } from '../bots/main-job.ts';
import type { SeededRandom } from '../random.ts';
import type { CrashScene, Flow } from './crash-scene.ts';

export const ASKER = 'U0ALICE';
const LOOK_EVERY_MS = 100;
/**
 * A person clicks again when nothing comes of it, and after some more time asks again, each time with twice the patience, up to a minute: a
 * new request replaces the plan, so on a busy machine no plan would live long enough to be approved. People who see that their request is
 * worked on have most patience, those who are told that it was not recorded need none.
 */
const CLICK_AGAIN_AFTER_MS = 1_500;
const ASK_AGAIN_AFTER_MS = 7_000;
const MOST_PATIENCE_MS = 60_000;
const NOT_RECORDED = /isn’t recorded/;

/** A request that Slack saw acknowledged, and when (performance.now()). */
export type Asked = {
  readonly triggerId: string;
  /** Through it comes the private answer. */
  readonly responseUrl: string | null;
  readonly channel: string;
  /** Where the bot that acknowledged it reached Slack. */
  readonly takenAt: string | null;
  readonly acknowledgedAt: number;
};

type Working = {
  readonly random: SeededRandom;
  readonly limitMs: number;
  readonly asked?: (request: Asked) => void;
};

/**
 * People who do not give up: they request a diagnosis of the flow's host and approve each plan, some of them twice or two at once, until the
 * channel says that the registry is healthy again. Rejects when that takes too long.
 */
export async function workUntilFixed(
  { slack }: Pick<CrashScene, 'slack'>,
  flow: Flow,
  { random, limitMs, asked = () => {} }: Working,
): Promise<void> {
  const earlier = new Set(slack.messages(flow.channel).map(({ ts }) => ts));
  const heads = () => slack.messages(flow.channel).filter(({ ts }) => !earlier.has(ts));
  const started = performance.now();
  let acted = Number.NEGATIVE_INFINITY;
  let patience = 0;
  let lastAsked: Asked | null = null;
  const waitsFor = () => {
    if (wasNotRecorded(slack, lastAsked)) return ASK_AGAIN_AFTER_MS;
    return heads().length > 0 ? MOST_PATIENCE_MS : patience;
  };
  while (!heads().some(isFixed)) {
    const now = performance.now();
    if (now - started > limitMs) throw new Error(`${flow.host} was not fixed within ${limitMs / 1000} s`);
    const card = heads()
      .flatMap(({ ts }) => slack.thread(flow.channel, ts))
      .findLast((one) => hasAction(one, 'approve_plan'));
    if (card !== undefined) {
      if (now - acted > CLICK_AGAIN_AFTER_MS && (await approve(slack, card, random))) acted = now;
    } else if (now - acted > waitsFor()) {
      const request = await ask(slack, flow);
      if (request !== null) {
        asked(request);
        lastAsked = request;
        acted = now;
        patience = Math.min(MOST_PATIENCE_MS, Math.max(ASK_AGAIN_AFTER_MS, patience * 2));
      }
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function isFixed({ text }: SlackMessage): boolean {
  return /healthy again/i.test(text);
}

/** Null: the bot was dead, as Slack tells at once. */
async function ask(slack: SlackStandIn, { host, channel }: Flow): Promise<Asked | null> {
  const { triggerId, responseUrl, send } = slack.prepare.slashCommand({
    user: ASKER,
    channel,
    text: `diagnose ${host}`,
  });
  const { failure, takenAt } = await send();
  return failure === null ? { triggerId, responseUrl, channel, takenAt, acknowledgedAt: performance.now() } : null;
}

function wasNotRecorded(slack: SlackStandIn, request: Asked | null): boolean {
  if (request === null) return false;
  return slack
    .ephemerals(ASKER)
    .some(({ responseUrl, text }) => responseUrl === request.responseUrl && NOT_RECORDED.test(text));
}

async function approve(slack: SlackStandIn, card: SlackMessage, random: SeededRandom): Promise<boolean> {
  const people = random.pick([['U0BOB'], ['U0BOB', 'U0BOB'], ['U0BOB', 'U0CAROL']]);
  const clicks = people.map((user) =>
    slack.click({ user, channel: card.channel, ts: card.ts, actionId: 'approve_plan' }),
  );
  return (await Promise.all(clicks)).some(({ failure }) => failure === null);
}
