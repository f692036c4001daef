import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackStandIn } from '../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../src/playground/slack/start-slack-stand-in.ts';
import { type BotFiles, prepareBot, type ServingBot } from '../../test/support/bots/serving-bot.ts';
import { type Aim, printHeading, printNote, printSamples } from './report.ts';
import { stopwatch } from './rounds.ts';
import type { Scene } from './scene.ts';
import { percentile } from './statistics.ts';

const COMMANDS = 200;
export const ASKER = 'U0ALICE';
const CHANNEL = 'C0OPS';
const LOWEST_PRIORITY = 19;
const ORDINARY_PRIORITY = 0;
/** All of them run on this one machine. That time is not measured. */
const LIMIT_MS = 600_000;

/** Acknowledgements of simultaneous commands, each for another host: the serving bot, over HTTP. */
export async function benchSlackAcks(scene: Scene): Promise<readonly Aim[]> {
  printHeading(`${COMMANDS} commands at once, each for another host (the bot as a process of its own, over HTTP)`);
  const names = Array.from({ length: COMMANDS }, (_, index) => `host${index + 1}`);
  const slack = await startSlackStandIn();
  const hosts = Object.fromEntries(names.map((name) => [name, scene]));
  const files = await prepareBot({ slack, mode: 'http', hosts });
  // In reality the hosts are other machines. What runs on them must not take the processor from the bot.
  setPriority(scene.sshd.pid, LOWEST_PRIORITY);
  try {
    return await benchBot(slack, files, names);
  } finally {
    setPriority(scene.sshd.pid, ORDINARY_PRIORITY);
    files.remove();
    await slack.close();
  }
}

async function benchBot(slack: SlackStandIn, files: BotFiles, names: readonly string[]): Promise<readonly Aim[]> {
  const bot = await files.start();
  try {
    // A bot that has just started has compiled nothing yet. People use one that runs for weeks.
    await acknowledgements(slack, Array(COMMANDS).fill('help'));
    await slack.waitForEphemeral(ASKER, () => slack.ephemerals(ASKER).length === COMMANDS, LIMIT_MS);
    let acks: readonly number[] = [];
    const allDiagnosedMs = await stopwatch(async () => {
      const commands = names.map((name) => `diagnose ${name}`);
      acks = await acknowledgements(slack, commands);
      await waitForDiagnoses(bot);
    });
    printSamples('acknowledged after', acks);
    printNote(`all ${COMMANDS} diagnosed after ${Math.round(allDiagnosedMs)} ms (on this one machine)`);
    printNote(`peak memory of the bot: ${peakMemoryMiB(bot)} MiB`);
    const measured = percentile(acks, 0.99);
    return [{ what: `p99 of ${COMMANDS} acknowledgements`, measured, limit: 300, direction: 'at most', unit: 'ms' }];
  } finally {
    await bot.kill();
  }
}

/** Milliseconds to each acknowledgement. Throws if one did not come or was invalid. */
export async function acknowledgements(slack: SlackStandIn, commands: readonly string[]): Promise<readonly number[]> {
  const requests = commands.map((text) => slack.prepare.slashCommand({ user: ASKER, channel: CHANNEL, text }));
  const results = await Promise.all(requests.map((request) => request.send()));
  const failed = results.find((result) => result.failure !== null);
  if (failed) throw new Error(`a command was not acknowledged: ${failed.failure} after ${failed.ackMs} ms`);
  return results.map((result) => result.ackMs);
}

async function waitForDiagnoses(bot: ServingBot): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (bot.log().split('"msg":"diagnosed"').length - 1 < COMMANDS) {
    if (Date.now() > deadline) throw new Error(`the bot did not end its diagnoses; its log:\n${bot.log()}`);
    await sleep(100);
  }
}

/** proc_pid_status(5): VmHWM is the peak of the resident set, in KiB. */
function peakMemoryMiB(bot: ServingBot): number {
  const status = readFileSync(`/proc/${bot.process.pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024);
}
