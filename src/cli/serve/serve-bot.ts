import type { RunningBot, Serving } from '../../compose/bot.ts';
import type { Reloaded } from '../../compose/running-config.ts';
import { type AlertTokens, readAlertTokens } from '../../config/alert-tokens.ts';
import type { Config, ServeConfig } from '../../config/config.ts';
import {
  type Checked,
  type Environment,
  readCollector,
  readLogLevel,
  readSlackSecrets,
  readSshEnvironment,
  type SlackSecrets,
  type SshEnvironment,
} from '../../config/environment.ts';
import { readConfig } from '../../config/read-config.ts';
import { serveConfig } from '../../config/serve-config.ts';
import { OperatorError } from '../../model/operator-error.ts';
import type { CollectorSettings } from '../../model/settings/collector-settings.ts';
import { wordsFor } from '../../words/index.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';
import { problemsIn, refuse } from '../terminal/load-config.ts';

export type ServeParts = {
  readonly console: Console;
  readonly environment: Environment;
  /** Whether the log's lines are shown on the terminal of the person who started the bot. */
  readonly logsToTerminal: boolean;
  createLog(level: string, secrets: readonly string[]): Log;
  start(serving: Serving): Promise<RunningBot>;
  /** Yields each time that the bot is told to read its config file again. */
  readonly reloads: AsyncIterableIterator<unknown>;
  /** Resolves with the name of the signal that ends the bot. */
  stopSignal(): Promise<string>;
};

/** The log is for operators and their tools, and always in English. */
const LOGGED = {
  notStarted: 'did not start',
  serving: 'serving',
  waitingForSlack: 'Slack can’t be reached: trying until it can',
  reloaded: 'config reloaded',
  sameConfig: 'config reloaded: nothing has changed',
  notReloaded: 'config not reloaded; the bot goes on with the one that it has',
  stopping: 'shutting down: finishing current work',
  stopped: 'stopped',
  notDrained: 'stopped before all work was finished; the next start takes it up',
} as const;

/** `serve`: runs the bot until a signal stops it, then drains it. */
export async function serveCommand(file: string, config: Config, parts: ServeParts): Promise<number> {
  const serving = servingOf(file, config, parts);
  if (serving === null) return EXIT.usage;
  const { log } = serving;
  const stopping = parts.stopSignal();
  const bot = await started(serving, parts);
  if (bot === null) return EXIT.notGood;
  const why = bot.trouble();
  if (why !== null) log.warn({ why }, LOGGED.waitingForSlack);
  void bot.ready.then(() =>
    log.info({ mode: serving.secrets.mode, port: bot.port, hosts: config.hosts.size }, LOGGED.serving),
  );
  const reloading = reloadWhenTold(bot, serving, parts);
  const signal = await Promise.race([stopping, bot.drainAsked.then(() => 'drain')]);
  log.info({ signal }, LOGGED.stopping);
  await parts.reloads.return?.();
  await reloading;
  const isDrained = await bot.stop();
  if (!isDrained) {
    log.warn({}, LOGGED.notDrained);
    return EXIT.notGood;
  }
  log.info({}, LOGGED.stopped);
  return EXIT.good;
}

/** Reloads the config file at each signal, with the same checks as at the start. Ends when `reloads` ends. */
async function reloadWhenTold(bot: RunningBot, { configFile, log }: Serving, parts: ServeParts): Promise<void> {
  for await (const _ of parts.reloads) {
    try {
      logReload(await bot.reload(await newerConfig(configFile, parts.environment)), log);
    } catch (error) {
      log.error({ err: error }, LOGGED.notReloaded);
    }
  }
}

function logReload(reloaded: Reloaded, log: Log): void {
  if (reloaded.kind === 'refused') log.error({ problems: reloaded.problems }, LOGGED.notReloaded);
  else log.info({ ...reloaded.change }, reloaded.kind === 'applied' ? LOGGED.reloaded : LOGGED.sameConfig);
}

async function newerConfig(file: string, environment: Environment): Promise<Checked<ServeConfig>> {
  const read = await readConfig(file);
  if (read.kind === 'problems') return read;
  const complete = serveConfig(read.config);
  const ssh = readSshEnvironment(environment, read.config.hosts.values());
  return complete.kind === 'ok' && ssh.kind === 'ok'
    ? complete
    : { kind: 'problems', problems: problemsIn(complete, ssh) };
}

/** Starts the bot. If it can't start, it says why on the terminal of the person who started it, and in the log. */
async function started(serving: Serving, { start, console, logsToTerminal }: ServeParts): Promise<RunningBot | null> {
  try {
    return await start(serving);
  } catch (error) {
    if (!(error instanceof OperatorError)) serving.log.error({ err: error }, LOGGED.notStarted);
    else if (!logsToTerminal)
      serving.log.error({ why: wordsFor('en').operatorProblem.errorWords(error) }, LOGGED.notStarted);
    console.err(console.words.cli.notStarted(console.words.operatorProblem.errorWords(error)));
    return null;
  }
}

/** Collects the settings that serving needs. Prints everything that is missing, and then returns null. */
function servingOf(file: string, config: Config, { console, environment, createLog }: ServeParts): Serving | null {
  const complete = serveConfig(config);
  const secrets = readSlackSecrets(environment, config.slack?.mode ?? 'socket');
  const ssh = readSshEnvironment(environment, config.hosts.values());
  const alerts = readAlertTokens(environment, config.alerts);
  const collector = readCollector(environment);
  const level = readLogLevel(environment, 'info');
  if (
    complete.kind !== 'ok' ||
    secrets.kind !== 'ok' ||
    ssh.kind !== 'ok' ||
    alerts.kind !== 'ok' ||
    collector.kind !== 'ok' ||
    level.kind !== 'ok'
  ) {
    refuse(file, problemsIn(complete, secrets, ssh, alerts, collector, level), console);
    return null;
  }
  const log = createLog(level.value, [
    ...secretValues(secrets.value, ssh.value, alerts.value),
    ...headerSecrets(collector.value),
  ]);
  return {
    configFile: file,
    config: complete.value,
    secrets: secrets.value,
    alertTokens: alerts.value,
    collector: collector.value,
    ssh: ssh.value,
    log,
  };
}

/** A short value is no secret, and is found in other words. */
function headerSecrets(collector: CollectorSettings | null): readonly string[] {
  const values = Object.values(collector?.headers ?? {});
  // The token of "Bearer TOKEN" can come back alone.
  return values.flatMap((value) => [value, ...value.split(' ')]).filter(({ length }) => length >= 8);
}

function secretValues(
  secrets: SlackSecrets,
  { keyPassphrase }: SshEnvironment,
  alertTokens: AlertTokens,
): readonly string[] {
  const slack = [secrets.botToken, secrets.mode === 'socket' ? secrets.appToken : secrets.signingSecret];
  return [...slack, ...alertTokens.values(), ...(keyPassphrase === null ? [] : [keyPassphrase])];
}
