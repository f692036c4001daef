import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../compose/bot.ts';
import { readSlackSecrets } from '../config/environment.ts';
import { readConfig } from '../config/read-config.ts';
import { serveConfig } from '../config/serve-config.ts';
import { createLog } from '../log.ts';
import type { Locale } from '../model/settings/locale.ts';
import { INPUT } from '../slack/requests/forms/plan-form.ts';
import { openSqliteAuditTrail } from '../store/open-sqlite-store.ts';
import { type Words, wordsFor } from '../words/index.ts';
import { forgetPlans } from './forget-plans.ts';
import { listenForInterruption, unlessInterrupted } from './interruption.ts';
import { buildScenario, type Scenario } from './scenario/build-scenario.ts';
import type { SlackStandIn } from './slack/slack-stand-in.ts';
import { startSlackStandIn } from './slack/start-slack-stand-in.ts';
import type { SlackMessage } from './slack/stores/message-store.ts';
import { ThreadPrinter } from './thread-printer.ts';

const CHANNEL = 'C0INCIDENTS';
const ALICE = 'U0ALICE';
const BOB = 'U0BOB';
const CLICKER = { user: BOB, channel: CHANNEL };
const LIMIT_MS = 90_000;
/** The exit status that a shell reports after Ctrl-C. */
const INTERRUPTED = 130;

export type PlaygroundOptions = {
  /** Approve without asking. */
  readonly yes: boolean;
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly columns?: number };
  /** The language of the output and of the bot. */
  readonly locale: Locale;
};

type Stage = {
  readonly scenario: Scenario;
  readonly slack: SlackStandIn;
  readonly storeUrl: string;
  readonly say: (text: string) => void;
  readonly words: Words;
};

/**
 * Runs the demo on this machine with real parts: a directory that blocks a real process, the real bot, a real fix.
 * Cleans up afterwards, even if interrupted. Resolves with the exit status.
 */
export async function play(options: PlaygroundOptions): Promise<number> {
  const words = wordsFor(options.locale);
  const say = (text: string) => {
    if (options.output.writable) options.output.write(`${text}\n`);
  };
  if (process.platform !== 'linux') {
    say(words.playground.NEEDS_LINUX);
    return 1;
  }
  const cleanUps: (() => Promise<unknown>)[] = [];
  const cleanUp = async () => {
    for (let step = cleanUps.pop(); step; step = cleanUps.pop()) await step();
  };
  const { signal, stopListening } = listenForInterruption(options.output);
  try {
    // The setup is not cut off by an interruption: it stops between two steps, when it is known what to clean up.
    const stage = await setStage({ say, locale: options.locale }, cleanUps, signal);
    await unlessInterrupted(signal, () => playScenario(stage, options, signal));
    return 0;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    say(words.operatorProblem.errorWords(error));
    return 1;
  } finally {
    say(`\n${words.playground.STEPS.cleaning}`);
    await cleanUp();
    say(words.playground.DONE);
    stopListening();
  }
}

/**
 * Sets up the host, the registry, the stand-in Slack and the bot. Each adds its cleanup to `cleanUps` as soon as it
 * exists.
 */
async function setStage(
  { say, locale }: Pick<Stage, 'say'> & Pick<PlaygroundOptions, 'locale'>,
  cleanUps: (() => Promise<unknown>)[],
  signal: AbortSignal,
): Promise<Stage> {
  const words = wordsFor(locale);
  say(words.playground.STEPS.building);
  const scenario = await buildScenario();
  cleanUps.push(scenario.remove);
  signal.throwIfAborted();
  const closed = scenario.tree.closed.map(({ path }) => path);
  say(`\n${words.playground.introduction(scenario.hostName, scenario.tree.storageRoot, closed)}`);
  if (scenario.service === null) say(words.playground.ORDINARY_USER_NOTE);
  say(`\n${words.playground.STEPS.noticing}`);
  await untilUnwell(scenario, words, signal);
  say(`\n${words.playground.STEPS.starting}`);
  const slack = await startSlackStandIn();
  cleanUps.push(() => slack.close());
  signal.throwIfAborted();
  const { stop, storeUrl } = await startBot(scenario, slack, locale);
  cleanUps.push(() => forgetPlans(storeUrl), stop);
  await unlessInterrupted(signal, () => slack.socketMode.waitForConnections(1, LIMIT_MS));
  return { scenario, slack, storeUrl, say, words };
}

/** Waits until the registry reports that it is unhealthy: it checks its storage only at intervals. */
async function untilUnwell({ registry }: Scenario, words: Words, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while ((await fetch(`${registry.url}/v2/`)).status !== 503) {
    if (Date.now() > deadline) throw new Error(words.playground.waitedTooLong(words.playground.WAITING_FOR.fault));
    await sleep(50, undefined, { signal });
  }
}

/** Starts the bot as `serve` runs it, in this process. */
async function startBot(scenario: Scenario, slack: SlackStandIn, language: Locale) {
  const configFile = scenario.writeBotConfig({
    slack: { mode: 'socket' },
    incidentChannel: CHANNEL,
    approvers: [BOB],
    language,
  });
  const read = await readConfig(configFile);
  const config = read.kind === 'config' ? serveConfig(read.config) : read;
  const secrets = readSlackSecrets(slack.environment, 'socket');
  if (config.kind !== 'ok' || secrets.kind !== 'ok') {
    throw new Error(`the playground's own config is not right: ${JSON.stringify([config, secrets])}`);
  }
  const log = createLog('silent');
  const bot = await serve({
    configFile,
    config: config.value,
    secrets: secrets.value,
    collector: null,
    alertTokens: new Map(),
    ssh: { agentSocket: null, keyPassphrase: null },
    log,
  });
  return { stop: () => bot.stop(), storeUrl: config.value.store.url };
}

async function playScenario(stage: Stage, options: PlaygroundOptions, signal: AbortSignal): Promise<void> {
  const { scenario, slack, say, words } = stage;
  const printer = new ThreadPrinter(slack, CHANNEL, stage, options.output.columns);
  const startedAt = performance.now();
  const command = `diagnose ${scenario.hostName}`;
  say(words.playground.typed('Alice', `/registry ${command}`));
  await slack.slashCommand({ user: ALICE, channel: CHANNEL, text: command });
  const card = await printer.until(hasButton('approve_plan'), words.playground.WAITING_FOR.plan, LIMIT_MS);
  await printer.until(isWaitingForApprover, words.playground.WAITING_FOR.plan, LIMIT_MS);
  const approves = await askForApproval(options, stage, signal);
  const decision = approves ? 'approve_plan' : 'reject_plan';
  say(words.playground.clicked('Bob', buttonOf(card, decision)));
  await slack.click({ ...CLICKER, ts: card.ts, actionId: decision });
  if (approves) {
    await printer.until(isSayingWell(words), words.playground.WAITING_FOR.recovery, LIMIT_MS);
  } else {
    await giveReason(stage);
    await printer.until(isCardWithoutButtons(card), words.playground.WAITING_FOR.rejection, LIMIT_MS);
  }
  await sayRecord(stage);
  say(words.playground.tookSeconds(performance.now() - startedAt));
}

/** Rejecting opens a form that asks for a reason. */
async function giveReason({ slack, say, words }: Stage): Promise<void> {
  await slack.waitForCall('views.open', () => true, LIMIT_MS);
  const viewId = slack.views(BOB).at(-1)?.id;
  if (viewId === undefined) throw new Error(words.playground.waitedTooLong(words.playground.WAITING_FOR.form));
  say(words.playground.typed('Bob', words.playground.REASON));
  await slack.submitView({ user: BOB, viewId, values: { [INPUT.block]: { [INPUT.action]: words.playground.REASON } } });
}

async function askForApproval(
  { yes, input, output }: PlaygroundOptions,
  { say, words }: Stage,
  signal: AbortSignal,
): Promise<boolean> {
  if (yes || !input.isTTY) {
    say(yes ? words.playground.SAID_YES : words.playground.NO_TERMINAL);
    return true;
  }
  const terminal = createInterface({ input, output });
  // On a terminal readline handles Ctrl-C itself.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return /^y(es)?$/i.test((await terminal.question(words.playground.QUESTION, { signal })).trim());
  } finally {
    terminal.close();
  }
}

async function sayRecord({ storeUrl, say, words }: Stage): Promise<void> {
  const { auditTrail, close } = await openSqliteAuditTrail(storeUrl);
  const check = await auditTrail.verify().finally(close);
  if (check.kind === 'broken') throw new Error(words.playground.RECORD_BROKEN);
  say(words.playground.recordIntact(check.entries));
}

function hasButton(actionId: string): (message: SlackMessage) => boolean {
  return ({ blocks }) =>
    blocks.some(
      (block) =>
        block.type === 'actions' &&
        block.elements.some((element) => 'action_id' in element && element.action_id === actionId),
    );
}

function isCardWithoutButtons(card: SlackMessage): (message: SlackMessage) => boolean {
  return (message) => message.ts === card.ts && !hasButton('approve_plan')(message);
}

/** The label of one of the message's buttons. */
function buttonOf({ blocks }: SlackMessage, actionId: string): string {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const button = elements.find((element) => element.type === 'button' && element.action_id === actionId);
  return button?.type === 'button' ? button.text.text : actionId;
}

/** Whether this is the channel message that waits for the approver: only then does it name BOB. */
function isWaitingForApprover({ threadTs, blocks }: SlackMessage): boolean {
  return threadTs === null && JSON.stringify(blocks).includes(BOB);
}

function isSayingWell({ status }: Words): (message: SlackMessage) => boolean {
  return ({ threadTs, text }) => threadTs === null && text.includes(status.HEALTHY_AGAIN);
}
