import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction } from '../main-job.ts';
import type { SeededRandom } from '../random.ts';
import type { CrashScene, Flow } from './crash-scene.ts';

export const ASKER = 'U0ALICE';
const LOOK_EVERY_MS = 100;
/**
 * A person clicks again when nothing comes of it, and after some more time asks again, each time with twice the patience: a new request
 * replaces the plan, so on a busy machine no plan would live long enough to be approved.
 */
const CLICK_AGAIN_AFTER_MS = 1_500;
const ASK_AGAIN_AFTER_MS = 7_000;

/** A request that Slack saw acknowledged, and when (performance.now()). */
export type Asked = { readonly triggerId: string; readonly channel: string; readonly acknowledgedAt: number };

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
  let times = 0;
  while (!heads().some(isFixed)) {
    const now = performance.now();
    if (now - started > limitMs) throw new Error(`${flow.host} was not fixed within ${limitMs / 1000} s`);
    const card = heads()
      .flatMap(({ ts }) => slack.thread(flow.channel, ts))
      .findLast((one) => hasAction(one, 'approve_plan'));
    const patience = card === undefined ? ASK_AGAIN_AFTER_MS * 2 ** Math.max(0, times - 1) : CLICK_AGAIN_AFTER_MS;
    if (now - acted > patience) {
      const isTaken = await (card === undefined ? ask(slack, flow, asked) : approve(slack, card, random));
      if (isTaken) acted = now;
      if (isTaken && card === undefined) times += 1;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function isFixed({ text }: SlackMessage): boolean {
  return /healthy again/i.test(text);
}

/** False: the bot was dead, as Slack tells at once. */
async function ask(slack: SlackStandIn, { host, channel }: Flow, asked: (request: Asked) => void): Promise<boolean> {
  const request = slack.prepare.slashCommand({ user: ASKER, channel, text: `diagnose ${host}` });
  const { failure } = await request.send();
  if (failure === null) asked({ triggerId: request.triggerId, channel, acknowledgedAt: performance.now() });
  return failure === null;
}

async function approve(slack: SlackStandIn, card: SlackMessage, random: SeededRandom): Promise<boolean> {
  const people = random.pick([['U0BOB'], ['U0BOB', 'U0BOB'], ['U0BOB', 'U0CAROL']]);
  const clicks = people.map((user) =>
    slack.click({ user, channel: card.channel, ts: card.ts, actionId: 'approve_plan' }),
  );
  return (await Promise.all(clicks)).some(({ failure }) => failure === null);
}
