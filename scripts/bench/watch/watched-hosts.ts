import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { type BotSetup, prepareBot, type ServingBot } from '../../../test/support/bots/serving-bot.ts';
import { type Aim, printHeading, printNote, printSamples } from '../report.ts';
import type { Scene } from '../scene.ts';
import { percentile } from '../statistics.ts';

const HOSTS = 1_000;
/** So many of them are looked at through an SSH connection, the others straight from the bot. */
const BY_SSH = 50;
const INTERVAL_SECONDS = 30;
/** The start, in which every host is looked at for the first time, and then the time that is measured. */
const START_MS = 35_000;
const MEASURED_MS = 60_000;
/** For benchmarks of networks (RFC 2544); a loopback address would not be asked. */
const NETWORK = '198.18.0.0/15';
const CLOCK_TICKS_PER_SECOND = 100;

/** Many watched hosts, all healthy: what watching costs the serving bot. */
export async function benchWatchedHosts(scene: Scene): Promise<readonly Aim[]> {
  printHeading(
    `${HOSTS} watched hosts every ${INTERVAL_SECONDS} s, ${BY_SSH} of them over SSH, without deeper looks (the bot as a process of its own)`,
  );
  execFileSync('ip', ['route', 'add', 'local', NETWORK, 'dev', 'lo']);
  const registries = fork(new URL('../answering-hosts.ts', import.meta.url));
  const slack = await startSlackStandIn();
  try {
    const [address] = await once(registries, 'message');
    const { port } = z.object({ port: z.number() }).parse(address);
    return await measureBot(slack, hostsOf(scene, port), registries);
  } finally {
    registries.disconnect();
    await slack.close();
    execFileSync('ip', ['route', 'del', 'local', NETWORK, 'dev', 'lo']);
  }
}

function hostsOf(scene: Scene, port: number): BotSetup['hosts'] {
  const hosts = Array.from({ length: HOSTS }, (_, index) => {
    const place = `${Math.floor(index / 250)}.${(index % 250) + 1}`;
    return [
      `host${index}`,
      { ...scene, config: index < BY_SSH ? overSsh(place, port) : fromBot(place, port) },
    ] as const;
  });
  return Object.fromEntries(hosts);
}

const registry = { layout: 'distribution' };
/** These hosts answer health checks only, so they are not diagnosed. */
const watch = { intervalSeconds: INTERVAL_SECONDS, deepLookMinutes: 0 };

function overSsh(place: string, port: number) {
  return { address: `127.0.${place}`, registry: { ...registry, url: `http://127.0.0.1:${port}` }, watch };
}

function fromBot(place: string, port: number) {
  return { registry, watch: { ...watch, url: `http://198.18.${place}:${port}` } };
}

async function measureBot(
  slack: SlackStandIn,
  hosts: BotSetup['hosts'],
  registries: ChildProcess,
): Promise<readonly Aim[]> {
  const files = await prepareBot({ slack, mode: 'socket', hosts });
  const bot = await files.start();
  try {
    await sleep(START_MS);
    const looksAtStart = looksIn(bot);
    const connects = mostInOneSecond(await connectionsOf(registries));
    const cpuBefore = cpuSeconds(bot);
    await sleep(MEASURED_MS);
    const share = ((cpuSeconds(bot) - cpuBefore) / (MEASURED_MS / 1_000)) * 100;
    const looks = looksIn(bot).slice(looksAtStart.length);
    assertAllLookedAt(looksAtStart);
    const lags = looks.map(({ lagMs }) => lagMs);
    printSamples('a look begins after it is due by', lags);
    printNote(
      `${looks.length} looks in ${MEASURED_MS / 1_000} s, as the bot logs them (LOG_LEVEL=debug, which it pays for)`,
    );
    return aimsOf({ share, bot, lags, connects });
  } finally {
    await bot.kill();
    files.remove();
  }
}

type Measured = {
  readonly share: number;
  readonly bot: ServingBot;
  readonly lags: readonly number[];
  readonly connects: number;
};

function aimsOf({ share, bot, lags, connects }: Measured): readonly Aim[] {
  const what = `${HOSTS} watched hosts`;
  const memory = statusKiB(bot, 'VmHWM') / 1_024;
  const atMost = { direction: 'at most' } as const;
  return [
    { what: `${what}: processor`, measured: share, limit: 10, unit: '% of a core', ...atMost },
    { what: `${what}: peak memory`, measured: memory, limit: 250, unit: 'MiB', ...atMost },
    { what: `${what}: p99 of a look’s lag`, measured: percentile(lags, 0.99), limit: 2_000, unit: 'ms', ...atMost },
    {
      what: `${what}: connects in the worst second of the start`,
      measured: connects,
      limit: 50,
      unit: 'a second',
      ...atMost,
    },
  ];
}

const Look = z.object({
  msg: z.literal('checked a monitored host'),
  host: z.string(),
  look: z.string(),
  lagMs: z.number(),
});

function looksIn(bot: ServingBot): readonly z.infer<typeof Look>[] {
  const lines = bot
    .log()
    .split('\n')
    .filter((line) => line.includes('checked a monitored host') && line.endsWith('}'));
  return lines.map((line) => Look.parse(JSON.parse(line)));
}

/** Looking at fewer, or getting no answer, does not count as cheap. */
function assertAllLookedAt(looks: readonly z.infer<typeof Look>[]): void {
  const healthy = new Set(looks.filter(({ look }) => look === 'healthy').map(({ host }) => host));
  if (healthy.size !== HOSTS) throw new Error(`only ${healthy.size} of ${HOSTS} hosts were seen to be healthy`);
}

/** proc_pid_stat(5): utime and stime are the 12th and 13th field after the command's name. */
function cpuSeconds(bot: ServingBot): number {
  const stat = readFileSync(`/proc/${bot.process.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

/** proc_pid_status(5). */
function statusKiB(bot: ServingBot, field: string): number {
  const status = readFileSync(`/proc/${bot.process.pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
}

async function connectionsOf(registries: ChildProcess): Promise<readonly number[]> {
  registries.send('connections');
  const [moments] = await once(registries, 'message');
  return z.array(z.number()).parse(moments);
}

function mostInOneSecond(moments: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [last, at] of moments.entries()) {
    while ((moments[first] ?? at) <= at - 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
