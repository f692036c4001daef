import { setTimeout as sleep } from 'node:timers/promises';
import type { Outage } from '../../../src/playground/slack/faults.ts';
import type { SeededRandom } from '../random.ts';
import type { BotLives } from './bot-lives.ts';
import type { CrashScene } from './crash-scene.ts';

/** After these, the bot tries again within seconds. The others are part of the delivery's own campaign. */
const OUTAGES: readonly Outage[] = ['refused', 'http-500', 'http-503'];
const WRITING = ['chat.postMessage', 'chat.update'] as const;
const MINUTE_MS = 60_000;
/** An hour back is what people do to a clock; twenty minutes ahead is past the end of every plan. */
const CLOCKS_MS = [-60 * MINUTE_MS, -10 * MINUTE_MS, -2_000, 0, 2_000, 5 * MINUTE_MS, 20 * MINUTE_MS];
const LONGEST_MS = 2_500;

/** What can happen to whatever is outside of the bots. */
export const OUTSIDE_TROUBLES = [
  'ssh cut',
  'Slack away',
  'Slack connection cut',
  'Slack answers 429',
  'Slack posts and answers nothing',
  'Slack posts and answers 500',
] as const;
export type OutsideTrouble = (typeof OUTSIDE_TROUBLES)[number];
export const TROUBLES = [...OUTSIDE_TROUBLES, 'clock moved'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** One trouble after the other until `stop`, each over before the next. Resolves when everything works, with the clock right. */
export async function troublesUntil(
  stop: AbortSignal,
  scene: CrashScene,
  {
    lives,
    random,
    told,
  }: { readonly lives: BotLives; readonly random: SeededRandom; readonly told: (trouble: Trouble) => void },
): Promise<void> {
  while (!stop.aborted) {
    await pause(random.int(LONGEST_MS), stop);
    if (stop.aborted) break;
    const trouble = random.pick(TROUBLES);
    told(trouble);
    const lasts = () => pause(200 + random.int(LONGEST_MS), stop);
    if (trouble === 'clock moved') await scene.moveClock(lives.bot, random.pick(CLOCKS_MS));
    else await makeTrouble(trouble, scene, { random, lasts });
  }
  endLimits(scene);
  await scene.moveClock(lives.bot, 0);
}

/** Slack refuses nothing any more for being too much. */
export function endLimits({ slack }: Pick<CrashScene, 'slack'>): void {
  for (const method of WRITING) slack.rateLimit(method, 1, 0);
}

type Around = { readonly random: SeededRandom; readonly lasts: () => Promise<void> };

/** Resolves when it is over. */
export async function makeTrouble(
  trouble: OutsideTrouble,
  { slack, ssh }: Pick<CrashScene, 'slack' | 'ssh'>,
  { random, lasts }: Around,
): Promise<void> {
  switch (trouble) {
    case 'ssh cut':
      ssh.cut();
      await lasts();
      return ssh.heal();
    case 'Slack away':
      await slack.outage(random.pick(OUTAGES));
      await lasts();
      return slack.outage(null);
    case 'Slack connection cut':
      return slack.socketMode.cut();
    case 'Slack answers 429':
      for (const method of WRITING) slack.rateLimit(method, 1, 1 + random.int(10));
      return;
    case 'Slack posts and answers nothing':
    case 'Slack posts and answers 500':
      for (let times = random.int(3); times >= 0; times -= 1) {
        slack.dropNextResponse(random.pick(WRITING), trouble === 'Slack posts and answers 500' ? 'http-500' : 'cut');
      }
      return;
  }
}

export async function pause(ms: number, stop: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stop }).catch(() => {});
}
