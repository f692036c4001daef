import { endLimits, makeTrouble, OUTSIDE_TROUBLES, type OutsideTrouble, pause } from '../crash/trouble.ts';
import type { SeededRandom } from '../random.ts';
import type { ChaosScene } from './chaos-scene.ts';

const LONGEST_PAUSE_MS = 1_500;
/** Longer than a lease lasts. */
const PAST_LEASE_MS = 6_500;

const BOT_TROUBLES = [
  'bot killed',
  'bot paused past its lease',
  'bot paused for a moment',
  'bot cut off from Postgres',
  'bot hears nothing of Postgres',
  'Postgres restarted',
  'Postgres killed',
] as const;
/** What happens to bots and their record happens as often as what happens to Slack and the network. */
export const CHAOS = [...BOT_TROUBLES, ...OUTSIDE_TROUBLES] as const;
export type Chaos = (typeof CHAOS)[number];

/** One trouble after the other until `stop`, each over before the next. Resolves when everything works. */
export async function chaosUntil(
  stop: AbortSignal,
  scene: ChaosScene,
  { random, told }: { readonly random: SeededRandom; readonly told: (chaos: Chaos) => void },
): Promise<void> {
  while (!stop.aborted) {
    await pause(random.int(LONGEST_PAUSE_MS), stop);
    if (stop.aborted) break;
    const trouble = random.pick(CHAOS);
    told(trouble);
    if (isOutside(trouble)) {
      await makeTrouble(trouble, scene, { random, lasts: () => pause(200 + random.int(2_500), stop) });
    } else {
      await make(trouble, scene, random);
    }
  }
  endLimits(scene);
}

function isOutside(trouble: Chaos): trouble is OutsideTrouble {
  return OUTSIDE_TROUBLES.some((one) => one === trouble);
}

async function make(
  trouble: (typeof BOT_TROUBLES)[number],
  { bots, postgres }: ChaosScene,
  random: SeededRandom,
): Promise<void> {
  const bot = random.pick(bots);
  const never = new AbortController().signal;
  switch (trouble) {
    case 'bot killed':
      await bot.kill();
      await pause(random.int(2_000), never);
      return bot.start();
    case 'bot paused past its lease':
    case 'bot paused for a moment':
      bot.pause();
      await pause(trouble === 'bot paused for a moment' ? random.int(3_000) : PAST_LEASE_MS + random.int(2_000), never);
      return bot.goOn();
    case 'bot cut off from Postgres':
    case 'bot hears nothing of Postgres':
      if (trouble === 'bot cut off from Postgres') bot.way.cut();
      else bot.way.hang();
      await pause(random.int(PAST_LEASE_MS + 2_000), never);
      return bot.way.heal();
    case 'Postgres restarted':
    case 'Postgres killed':
      await postgres.stop(trouble === 'Postgres killed' ? 'SIGQUIT' : 'SIGINT');
      await pause(random.int(3_000), never);
      return postgres.start();
  }
}
