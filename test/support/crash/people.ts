import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction } from '../main-job.ts';
import type { SeededRandom } from '../random.ts';
import type { CrashScene, Flow } from './crash-scene.ts';

const LOOK_EVERY_MS = 100;
/**
 * A person clicks again when nothing comes of it, and after some more time asks again, each time with twice the patience: a new request
 * replaces the plan, so on a busy machine no plan would live long enough to be approved.
 */
const CLICK_AGAIN_AFTER_MS = 1_500;
const ASK_AGAIN_AFTER_MS = 7_000;

/**
 * People who do not give up: they request a diagnosis of the flow's host and approve each plan, some of them twice or two at once, until the
 * channel says that the registry is healthy again. Rejects when that takes too long.
 */
export async function workUntilFixed(
  { slack }: Pick<CrashScene, 'slack'>,
  flow: Flow,
  { random, limitMs }: { readonly random: SeededRandom; readonly limitMs: number },
): Promise<void> {
  const earlier = new Set(slack.messages(flow.channel).map(({ ts }) => ts));
  const heads = () => slack.messages(flow.channel).filter(({ ts }) => !earlier.has(ts));
  const started = performance.now();
  let acted = Number.NEGATIVE_INFINITY;
  let asked = 0;
  while (!heads().some(isFixed)) {
    const now = performance.now();
    if (now - started > limitMs) throw new Error(`${flow.host} was not fixed within ${limitMs / 1000} s`);
    const card = heads()
      .flatMap(({ ts }) => slack.thread(flow.channel, ts))
      .findLast((one) => hasAction(one, 'approve_plan'));
    const patience = card === undefined ? ASK_AGAIN_AFTER_MS * 2 ** Math.max(0, asked - 1) : CLICK_AGAIN_AFTER_MS;
    if (now - acted > patience) {
      const isTaken = await (card === undefined ? ask(slack, flow) : approve(slack, card, random));
      if (isTaken) acted = now;
      if (isTaken && card === undefined) asked += 1;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function isFixed({ text }: SlackMessage): boolean {
  return /healthy again/i.test(text);
}

/** False: the bot was dead, as Slack tells at once. */
async function ask(slack: SlackStandIn, { host, channel }: Flow): Promise<boolean> {
  const asked = await slack.slashCommand({ user: 'U0ALICE', channel, text: `diagnose ${host}` });
  return asked.failure === null;
}

async function approve(slack: SlackStandIn, card: SlackMessage, random: SeededRandom): Promise<boolean> {
  const people = random.pick([['U0BOB'], ['U0BOB', 'U0BOB'], ['U0BOB', 'U0CAROL']]);
  const clicks = people.map((user) =>
    slack.click({ user, channel: card.channel, ts: card.ts, actionId: 'approve_plan' }),
  );
  return (await Promise.all(clicks)).some(({ failure }) => failure === null);
}
