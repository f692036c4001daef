import { setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { SLACK_RATES } from '../../src/playground/slack/faults.ts';
import type { SlackStandIn } from '../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../src/playground/slack/start-slack-stand-in.ts';
import { amAlert, amGroup } from '../../test/http/alerts/payloads.ts';
import { type BotFiles, prepareBot } from '../../test/support/bots/serving-bot.ts';
import { freePort } from '../../test/support/services/free-port.ts';
import { postsIn } from '../../test/support/slack/shown-posts.ts';
import { type Kept, keptIn } from './record/kept-in-record.ts';
import { type Aim, printHeading, printNote, printSamples } from './report.ts';
import { stopwatch } from './rounds.ts';
import type { Scene } from './scene.ts';
import { percentile } from './statistics.ts';

const ALERTS = 5_000;
const HOSTS = 10;
/** Before the storm, about the first host: a bot that has just started has compiled nothing yet. */
const WARM_UP = 200;
const SENT = ALERTS + WARM_UP;
const STORM_MS = 60_000;
/** So many become due together, as by the groups of a busy Alertmanager. */
const AT_ONCE = 10;
const CONNECTIONS = 16;
/** GitLab; Alertmanager and Grafana wait longer. */
const GIVEN_UP_AFTER_MS = 10_000;
const RETRY_MS = 200;
const OUTAGE = { fromMs: 20_000, toMs: 40_000 } as const;
const ALL_TOLD_LIMIT_MS = 180_000;
const LOWEST_PRIORITY = 19;
const ORDINARY_PRIORITY = 0;
const CHANNEL = 'C0INCIDENTS';
const TOKEN = 'correct-horse-battery-staple';

type Answer = { readonly ms: number; readonly duringOutage: boolean };

/**
 * A storm of alerts about broken hosts, each in a request of its own, to a Slack with Slack's limits that is away in
 * the middle. The bot is killed right after its last answer.
 */
export async function benchAlertStorm(scene: Scene): Promise<readonly Aim[]> {
  const [stormS, outageS] = [STORM_MS, OUTAGE.toMs - OUTAGE.fromMs].map((ms) => ms / 1_000);
  printHeading(`${ALERTS} alerts about ${HOSTS} hosts in ${stormS} s; Slack is away for ${outageS} s of them`);
  const slack = await startSlackStandIn({ rates: SLACK_RATES });
  const port = await freePort();
  const hosts = Object.fromEntries(Array.from({ length: HOSTS }, (_, index) => [hostName(index), scene]));
  const files = await prepareBot({ slack, mode: 'socket', hosts, alerts: { port, token: TOKEN } });
  // In reality the hosts are other machines. What runs on them must not take the processor from the bot.
  setPriority(scene.sshd.pid, LOWEST_PRIORITY);
  try {
    const bot = await files.start();
    const answers = await storm(slack, `http://127.0.0.1:${port}/alerts/prometheus`);
    await bot.kill();
    const accepted = keptIn(recordOf(files)).alerts;
    const again = await files.start();
    try {
      const toldMs = await stopwatch(() => untilAllIsTold(files));
      printNote(`everything is in Slack ${Math.round(toldMs / 1_000)} s after the next start`);
      return await aimsOf({ slack, files, answers, accepted });
    } finally {
      await again.kill();
    }
  } finally {
    setPriority(scene.sshd.pid, ORDINARY_PRIORITY);
    files.remove();
    await slack.close();
  }
}

function hostName(index: number): string {
  return `host${index % HOSTS}`;
}

function recordOf({ directory }: BotFiles): string {
  return join(directory, 'registry-doctor.db');
}

/** Sends all alerts, evenly over the time. Resolves to how long each took until the bot said that it is on record. */
async function storm(slack: SlackStandIn, url: string): Promise<readonly Answer[]> {
  const { send, retries } = sender(url);
  const warmUp = Array.from({ length: WARM_UP }, (_, index) => alertOf(ALERTS + index, hostName(0)));
  await Promise.all(warmUp.map(send));
  const startedAt = performance.now();
  const passed = () => performance.now() - startedAt;
  const duringOutage = () => passed() >= OUTAGE.fromMs && passed() < OUTAGE.toMs;
  const outage = sleep(OUTAGE.fromMs)
    .then(() => slack.outage('http-503'))
    .then(() => sleep(OUTAGE.toMs - OUTAGE.fromMs))
    .then(() => slack.outage(null));
  const answers: Promise<Answer>[] = [];
  for (let index = 0; index < ALERTS; index += 1) {
    if (index % AT_ONCE === 0) await sleep(Math.max(0, (index / ALERTS) * STORM_MS - passed()));
    answers.push(stopwatch(() => send(alertOf(index))).then((ms) => ({ ms, duringOutage: duringOutage() })));
  }
  await outage;
  const all = await Promise.all(answers);
  printNote(`${retries()} requests were sent again`);
  return all;
}

/** As Alertmanager does: over few connections, and again if there was no answer. */
function sender(url: string) {
  const turns = new PQueue({ concurrency: CONNECTIONS });
  let retries = 0;
  const send = async (body: string): Promise<void> => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const status = await fetch(url, { method: 'POST', headers, body }).then(
      (answer) => answer.status,
      () => null,
    );
    if (status === 200) return;
    if (status !== null && status !== 503) throw new Error(`an alert was answered with ${status}`);
    retries += 1;
    await sleep(RETRY_MS);
    return send(body);
  };
  return {
    retries: () => retries,
    /** Resolves when the bot has said that the alert is on record. */
    send: (alert: unknown) => turns.add(() => send(JSON.stringify(amGroup([alert])))),
  };
}

function alertOf(index: number, host = hostName(index)) {
  const labels = { alertname: `Alert${index}`, instance: `${host}:5000` };
  return amAlert({ labels, fingerprint: `storm-${index}`, startsAt: new Date().toISOString() });
}

async function untilAllIsTold(files: BotFiles): Promise<void> {
  const deadline = Date.now() + ALL_TOLD_LIMIT_MS;
  while (keptIn(recordOf(files)).unfinished > 0) {
    if (Date.now() > deadline) throw new Error(`not all was told: ${JSON.stringify(keptIn(recordOf(files)))}`);
    await sleep(250);
  }
}

type Storm = {
  readonly slack: SlackStandIn;
  readonly files: BotFiles;
  readonly answers: readonly Answer[];
  /** On record right after the last answer. */
  readonly accepted: number;
};

async function aimsOf({ slack, files, answers, accepted }: Storm): Promise<readonly Aim[]> {
  const timesWhen = (away: boolean) => answers.filter((one) => one.duringOutage === away).map(({ ms }) => ms);
  printSamples('answered after', timesWhen(false));
  printSamples('answered after, while Slack is away', timesWhen(true), timesWhen(false));
  const kept = keptIn(recordOf(files));
  const posts = postsIn(slack, CHANNEL);
  const inChannel = posts.filter(({ root }) => root === null).length;
  printNote(`${kept.incidents} incidents, ${inChannel} messages in the channel, ${posts.length} with those in threads`);
  const { status, stdout } = await files.cli('audit', 'verify');
  if (status !== 0) throw new Error(`the record is not intact:\n${stdout}`);
  const atMost = { direction: 'at most' } as const;
  const what = `${ALERTS} alerts in a minute`;
  return [
    { what: `${what}: not on record after a kill`, measured: SENT - accepted, limit: 0, unit: 'alerts', ...atMost },
    { what: `${what}: in no incident`, measured: SENT - kept.joined, limit: 0, unit: 'alerts', ...atMost },
    { what: `${what}: open incidents a host`, measured: kept.incidents / HOSTS, limit: 1, unit: '×', ...atMost },
    {
      what: `${what}: messages in the channel an incident`,
      measured: inChannel / kept.incidents,
      limit: 1,
      unit: '×',
      ...atMost,
    },
    { what: `${what}: not in Slack, or twice`, measured: misshown(kept, posts), limit: 0, unit: 'messages', ...atMost },
    {
      what: `${what}: p99 of an answer`,
      measured: percentile(
        answers.map(({ ms }) => ms),
        0.99,
      ),
      limit: GIVEN_UP_AFTER_MS / 2,
      unit: 'ms',
      ...atMost,
    },
  ];
}

/** How many messages Slack does not show exactly once. */
function misshown({ keys }: Kept, posts: ReturnType<typeof postsIn>): number {
  const shown = Map.groupBy(
    posts.flatMap((post) => post.keys),
    (key) => key,
  );
  return keys.filter((key) => shown.get(key)?.length !== 1).length;
}
