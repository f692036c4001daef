import { YIELDED } from '../../../src/workflow/delivery/deliver-messages.ts';
import { endLimits, makeTrouble, OUTSIDE_TROUBLES, type OutsideTrouble, pause } from '../crash/trouble.ts';
import type { SeededRandom } from '../random.ts';
import type { ChaosBot } from './chaos-bot.ts';
import type { ChaosScene } from './chaos-scene.ts';

const LONGEST_PAUSE_MS = 1_500;
/** Troubles come in storms: in an unbroken one thousands of flows would take days. */
const TROUBLES_OF_A_STORM = 4;
const CALM_MS = 12_000;
/** Longer than a lease lasts. */
const PAST_LEASE_MS = 6_500;

/** A bot without any answer of Slack lets another one deliver after 15 s. A call without an answer ends after 10 s. */
const UNTIL_HANDOVER_MS = { cut: 22_000, hang: 40_000 } as const;

const BOT_TROUBLES = [
  'bot killed',
  'bot paused past its lease',
  'bot paused for a moment',
  'bot cut off from Postgres',
  'bot hears nothing of Postgres',
  'bot cut off from Slack',
  'bot hears nothing of Slack',
  'Postgres restarted',
  'Postgres killed',
] as const;
/** Not a trouble, but what may follow from one. */
export const HANDOVER = 'delivery handed over to another bot';
/** What happens to bots and their record happens as often as what happens to Slack and the network. */
export const CHAOS = [...BOT_TROUBLES, ...OUTSIDE_TROUBLES] as const;
export type Chaos = (typeof CHAOS)[number];

type Round = {
  readonly random: SeededRandom;
  readonly told: (chaos: Chaos | typeof HANDOVER) => void;
  readonly stop: AbortSignal;
};

/** One trouble after the other until `stop`, each over before the next, with a calm after each storm. Resolves when everything works. */
export async function chaosUntil(
  stop: AbortSignal,
  scene: ChaosScene,
  { random, told }: Omit<Round, 'stop'>,
): Promise<void> {
  for (let nth = 0; !stop.aborted; nth += 1) {
    const isCalm = nth > 0 && nth % TROUBLES_OF_A_STORM === 0;
    await pause(isCalm ? CALM_MS : random.int(LONGEST_PAUSE_MS), stop);
    if (stop.aborted) break;
    const trouble = random.pick(CHAOS);
    told(trouble);
    if (isOutside(trouble)) {
      await makeTrouble(trouble, scene, { random, lasts: () => pause(200 + random.int(2_500), stop) });
    } else {
      await make(trouble, scene, { random, stop, told });
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
  { random, stop, told }: Round,
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
      bot.ways.postgres[trouble === 'bot cut off from Postgres' ? 'cut' : 'hang']();
      await pause(random.int(PAST_LEASE_MS + 2_000), never);
      return bot.ways.postgres.heal();
    case 'bot cut off from Slack':
    case 'bot hears nothing of Slack': {
      const how = trouble === 'bot cut off from Slack' ? 'cut' : 'hang';
      if (random.chance(50)) return withoutSlack(bot, how, () => pause(random.int(8_000), stop));
      const delivering = lastToDeliver(bots);
      const began = Date.now();
      await withoutSlack(delivering, how, () => pause(UNTIL_HANDOVER_MS[how], stop));
      return delivering.lastLogged(YIELDED) < began ? undefined : told(HANDOVER);
    }
    case 'Postgres restarted':
    case 'Postgres killed':
      await postgres.stop(trouble === 'Postgres killed' ? 'SIGQUIT' : 'SIGINT');
      await pause(random.int(3_000), never);
      return postgres.start();
  }
}

async function withoutSlack({ ways }: ChaosBot, how: 'cut' | 'hang', lasts: () => Promise<void>): Promise<void> {
  ways.slack[how]();
  await lasts();
  ways.slack.heal();
}

function lastToDeliver(bots: readonly ChaosBot[]): ChaosBot {
  return bots.reduce((one, other) => (other.lastLogged('delivered') > one.lastLogged('delivered') ? other : one));
}
