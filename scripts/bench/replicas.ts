import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackStandIn } from '../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../src/playground/slack/start-slack-stand-in.ts';
import { type BotFiles, prepareBot, type ServingBot } from '../../test/support/bots/serving-bot.ts';
import { SHIPPED_NODE_OPTIONS } from '../../test/support/bots/shipped-node-options.ts';
import { PostgresServer } from '../../test/support/services/postgres-server.ts';
import { benchAppends } from './record/appends.ts';
import { type Aim, printHeading, printNote, printSamples } from './report.ts';
import { stopwatch } from './rounds.ts';
import type { Scene } from './scene.ts';
import { ASKER, acknowledgements } from './slack-acks.ts';
import { percentile } from './statistics.ts';
import { HOSTS, SHARING_BOTS, SimulatedLooks } from './watch/simulated-looks.ts';

const COUNTS = [1, 2, 4];
const FLOWS = 60;
const LIMIT_MS = 600_000;

/** Several bots on one record: how fast they acknowledge, diagnose and append, and what it costs them to share ten thousand watched hosts. */
export async function benchReplicas(scene: Scene): Promise<readonly Aim[]> {
  const postgres = await PostgresServer.start();
  try {
    printHeading(
      `${FLOWS} commands at once, each for another host, to several bots on one Postgres (all on this one machine)`,
    );
    const aims: Aim[] = [];
    for (const count of COUNTS) aims.push(await benchFlows(scene, postgres.url(await postgres.database()), count));
    aims.push(...(await benchAppends(async () => postgres.url(await postgres.database()))));
    return [...aims, ...(await benchWatching(postgres.url(await postgres.database())))];
  } finally {
    await postgres.remove();
  }
}

async function benchFlows(scene: Scene, storeUrl: string, count: number): Promise<Aim> {
  const slack = await startSlackStandIn();
  const names = Array.from({ length: FLOWS }, (_, index) => `host${index + 1}`);
  const hosts = Object.fromEntries(names.map((name) => [name, scene]));
  const files: BotFiles[] = [];
  const bots: ServingBot[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const own = await prepareBot({ slack, mode: 'socket', hosts, storeUrl, isAmongOthers: true });
      files.push(own);
      bots.push(await own.start());
    }
    return await measureFlows(slack, bots, names);
  } finally {
    for (const bot of bots) await bot.kill();
    for (const own of files) own.remove();
    await slack.close();
  }
}

/** A flow: from the command to the plan on record. */
async function measureFlows(slack: SlackStandIn, bots: readonly ServingBot[], names: readonly string[]): Promise<Aim> {
  // As in the bench of one bot: what has just started has compiled nothing yet.
  await acknowledgements(slack, Array(FLOWS).fill('help'));
  await slack.waitForEphemeral(ASKER, () => slack.ephemerals(ASKER).length === FLOWS, LIMIT_MS);
  let acks: readonly number[] = [];
  const ms = await stopwatch(async () => {
    acks = await acknowledgements(
      slack,
      names.map((name) => `diagnose ${name}`),
    );
    await waitForDiagnoses(bots);
  });
  const what = bots.length === 1 ? '1 bot' : `${bots.length} bots`;
  printSamples(`${what}: acknowledged after`, acks);
  printNote(`${what}: ${((FLOWS / ms) * 1_000).toFixed(1)} flows a second`);
  return {
    what: `${what} on Postgres: p99 of ${FLOWS} acknowledgements`,
    ...{ measured: percentile(acks, 0.99), limit: 300, direction: 'at most', unit: 'ms' },
  };
}

async function waitForDiagnoses(bots: readonly ServingBot[]): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  const diagnosed = () => bots.reduce((sum, bot) => sum + bot.log().split('"msg":"diagnosed"').length - 1, 0);
  while (diagnosed() < FLOWS) {
    if (Date.now() > deadline) throw new Error(`only ${diagnosed()} of ${FLOWS} were diagnosed`);
    await sleep(50);
  }
}

async function benchWatching(url: string): Promise<readonly Aim[]> {
  printHeading(
    `${HOSTS} watched hosts, simulated, shared by ${SHARING_BOTS} bots on one Postgres (processes of their own)`,
  );
  const program = new URL('./watch/watch-among-bots.ts', import.meta.url);
  const execArgv = [...process.execArgv, SHIPPED_NODE_OPTIONS, '--expose-gc'];
  const told = await Promise.all(
    Array.from({ length: SHARING_BOTS }, () => once(fork(program, [url], { execArgv }), 'message')),
  );
  const bots = told.map(([message]) => SimulatedLooks.parse(message));
  const lags = bots.flatMap((bot) => bot.lags);
  printSamples('a look begins after it is due by', lags);
  for (const { lags: own, peakMiB } of bots)
    printNote(`a bot: ${own.length} looks, ${Math.round(peakMiB)} MiB at its peak`);
  const busiest = Math.max(...bots.map(({ cpuSeconds, seconds }) => (cpuSeconds / seconds) * 100));
  const what = `${HOSTS} hosts on ${SHARING_BOTS} bots`;
  const atMost = { direction: 'at most' } as const;
  return [
    { what: `${what}: p99 of a look’s lag`, measured: percentile(lags, 0.99), limit: 3_000, unit: 'ms', ...atMost },
    { what: `${what}: processor of the busiest`, measured: busiest, limit: 50, unit: '% of a core', ...atMost },
    // None is left out: all are looked at every 30 s, and a look itself takes time.
    {
      what: `${what}: looks a second`,
      measured: lags.length / (bots[0]?.seconds ?? 1),
      limit: (HOSTS / 30) * 0.95,
      direction: 'at least',
      unit: 'a second',
    },
  ];
}
