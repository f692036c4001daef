import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { openTrail } from '../../../src/store/open-record.ts';
import { SHIPPED_NODE_OPTIONS } from '../../../test/support/bots/shipped-node-options.ts';
import { type Aim, printHeading, printNote } from '../report.ts';
import { stopwatch } from '../rounds.ts';

const APPENDED = 3_000;
const COUNTS = [1, 3];

/** How fast bots append to one record on Postgres, which has to stay one chain. */
export async function benchAppends(newRecord: () => Promise<string>): Promise<readonly Aim[]> {
  printHeading(`${APPENDED} entries on Postgres, one a transaction, by bots that are processes of their own`);
  const aims: Aim[] = [];
  for (const count of COUNTS) {
    const url = await newRecord();
    const perSecond = (APPENDED * 1_000) / (await appended(url, count));
    await requireChain(url);
    const what = count === 1 ? '1 bot' : `${count} bots`;
    printNote(`${what}: ${Math.round(perSecond)} entries a second, all together; the record is intact`);
    if (count > 1) continue;
    const aim = { limit: 500, direction: 'at least', unit: 'a second' } as const;
    aims.push({ what: `${what} on Postgres: entries, one a transaction`, measured: perSecond, ...aim });
  }
  return aims;
}

/** The milliseconds until the last of the bots has appended its share. */
async function appended(url: string, count: number): Promise<number> {
  const program = new URL('./append-as-bot.ts', import.meta.url);
  const execArgv = [...process.execArgv, SHIPPED_NODE_OPTIONS];
  const bots: ChildProcess[] = [];
  // One after the other: the first makes the tables.
  for (let index = 0; index < count; index += 1) {
    const bot = fork(program, [url, String(APPENDED / count)], { execArgv });
    bots.push(bot);
    await once(bot, 'message');
  }
  return stopwatch(() =>
    Promise.all(
      bots.map(async (bot) => {
        const told = once(bot, 'message');
        bot.send('go');
        z.tuple([z.number(), z.unknown()]).parse(await told);
      }),
    ),
  );
}

async function requireChain(url: string): Promise<void> {
  const { auditTrail, close } = await openTrail({ url, passwordFile: null });
  try {
    const check = await auditTrail.verify();
    if (check.kind !== 'intact') throw new Error(`the record is ${check.kind}`);
  } finally {
    await close();
  }
}
