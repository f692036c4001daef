import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { openRecordAsBot } from '../../../src/store/open-record.ts';
import { Bot } from '../../../src/workflow/bot.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import { CONNECTS_PER_SECOND } from '../../../src/workflow/watch/look-turns.ts';
import { NOTHING_BESIDE } from '../../../test/support/bots/nothing-beside.ts';
import { FREE_PACE } from '../../../test/support/slack/free-pace.ts';
import { HOSTS, SHARING_BOTS, type SimulatedLooks } from './simulated-looks.ts';
import { answering, contextOf, measureLooks, type Seen } from './simulated-registries.ts';

/**
 * One of the processes that {@link benchReplicas} starts: a bot with its share of the simulated hosts, on the record at the URL that it is given.
 * Sends {@link SimulatedLooks} to the parent.
 */

/** The start, in which each bot's budget of new connections decides, and then the time that is measured. */
const START_MS = (HOSTS / SHARING_BOTS / CONNECTS_PER_SECOND) * 1_000 + 40_000;
const MEASURED_MS = 60_000;

const NEVER = () => Promise.reject(new Error('every registry is healthy, so there is nothing to tell'));

async function measure(url: string): Promise<SimulatedLooks> {
  const clock = systemClock;
  const seen: Seen = { lags: [], atOnce: 0, mostAtOnce: 0 };
  const opened = await openRecordAsBot({ url, passwordFile: null }, { clock });
  if (opened?.several === undefined) throw new Error('a record that bots can share is on Postgres');
  const bot = new Bot(contextOf(clock, opened.store, seen), {
    outbox: opened.outbox,
    messenger: { pace: FREE_PACE, deliver: NEVER },
    wake: new Wake(),
    several: { ...opened.several, removePost: NEVER },
    ...NOTHING_BESIDE,
    http: answering(clock, seen),
  });
  bot.start();
  await sleep(START_MS);
  return measureLooks(seen, MEASURED_MS, MEASURED_MS / 1_000);
}

const measured = await measure(process.argv[2] ?? '');
process.send?.(measured, () => process.exit());
