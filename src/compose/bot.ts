import type { ServeConfig } from '../config/config.ts';
import type { SlackSecrets, SshEnvironment } from '../config/environment.ts';
import { type HealthProbe, startHealthServer } from '../http/health-server.ts';
import { healthSocketFile } from '../http/health-socket.ts';
import type { PartTrouble } from '../model/health.ts';
import { OperatorError } from '../model/operator-error.ts';
import { createSlackClients } from '../slack/connection/slack-clients.ts';
import { SlackMessenger } from '../slack/delivery/slack-messenger.ts';
import { readerWords } from '../slack/people/reader-words.ts';
import { SlackDirectory } from '../slack/people/slack-directory.ts';
import { createSlackApp, type SlackApp } from '../slack/slack-app.ts';
import { Ssh2RemoteHost } from '../ssh/run/remote-host.ts';
import { KeyFilePlanSigner } from '../ssh/signing/plan-signer.ts';
import { lockRecord } from '../store/lock-record.ts';
import { openSqliteStore, type SqliteStore } from '../store/open-sqlite-store.ts';
import { wordsFor } from '../words/index.ts';
import { Bot } from '../workflow/bot.ts';
import { Wake } from '../workflow/delivery/wake.ts';
import type { Log, RecordStore } from '../workflow/ports.ts';
import { approvalSignatures } from './approval-signatures.ts';
import { registryHttp } from './registry-http.ts';
import { systemClock } from './system-clock.ts';

/** Long enough for an execution under way to end by itself; shorter than the 90 s that systemd waits by default. */
const DRAIN_LIMIT_MS = 60_000;
const HEALTH_TIMEOUT_MS = 3_000;

/** Of the log, of the record, and of what an operator is told in them: these are English everywhere. */
const LOGGED = wordsFor('en');

/** What a bot is built of. */
export type Serving = {
  readonly config: ServeConfig;
  readonly secrets: SlackSecrets;
  readonly ssh: SshEnvironment;
  readonly log: Log;
};

/** The bot while it runs. */
export type RunningBot = {
  /** Where HTTP mode listens; null in Socket Mode. */
  readonly port: number | null;
  /** Resolves when the bot can do its work for the first time: Slack reaches it, and takes its token. */
  readonly ready: Promise<void>;
  /** Why Slack is not reached just now; null: it is. */
  trouble(): string | null;
  /** Takes no more requests, finishes what is under way, says what it has to say. False: some of it took too long. */
  stop(): Promise<boolean>;
};

/**
 * Builds everything and starts it. Rejects, with nothing left open, when a part cannot start. The record is brought up to date only by
 * its one bot: while another one runs, this one must not touch it.
 */
export async function serve(serving: Serving): Promise<RunningBot> {
  const { url } = serving.config.store;
  const lock = await lockRecord(url);
  if (lock === null) throw new OperatorError({ code: 'health-socket-taken', socketFile: healthSocketFile(url) });
  try {
    const bot = await startOnRecord(serving);
    return { ...bot, stop: () => bot.stop().finally(lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startOnRecord(serving: Serving): Promise<RunningBot> {
  const { config, log } = serving;
  const store = await openSqliteStore(config.store.url, { clock: systemClock });
  const remote = new Ssh2RemoteHost({
    knownHostsFile: config.ssh.knownHosts,
    ...serving.ssh,
    log,
  });
  const closeAdapters = async () => {
    await remote.close();
    await store.close();
  };
  const { bot, slack } = buildBot(serving, store, remote);
  try {
    const health = await startHealthServer({
      socketFile: healthSocketFile(config.store.url),
      timeoutMs: HEALTH_TIMEOUT_MS,
      probes: healthProbes(store, slack),
      said: LOGGED.operatorProblem.errorWords,
    });
    return await startBot({ bot, slack, beforeEnd: () => health.close(), atEnd: closeAdapters });
  } catch (error) {
    await closeAdapters();
    throw error;
  }
}

function buildBot({ config, secrets, ssh, log }: Serving, opened: SqliteStore, remote: Ssh2RemoteHost) {
  const clients = createSlackClients({ botToken: secrets.botToken, slackApiUrl: secrets.apiUrl, log });
  const wake = new Wake();
  const directory = new SlackDirectory(clients.questions);
  const context = {
    store: wakingStore(opened.store, wake),
    remote,
    directory,
    signer: config.signing === null ? null : new KeyFilePlanSigner(config.signing, ssh),
    signatures: approvalSignatures(process.env),
    clock: systemClock,
    log,
    settings: config.settings,
  };
  const messenger = new SlackMessenger(clients, log, wordsFor(config.language));
  const bot = new Bot(context, { outbox: opened.outbox, messenger, wake, http: registryHttp(remote) });
  const wordsOf = readerWords(directory, config.language);
  const slack = createSlackApp({ ...slackOptions(config, secrets), requests: bot, log, wordsOf });
  return { bot, slack };
}

async function startBot(parts: {
  bot: Bot;
  slack: SlackApp;
  beforeEnd: () => Promise<void>;
  atEnd: () => Promise<void>;
}): Promise<RunningBot> {
  const { bot, slack, beforeEnd, atEnd } = parts;
  const drain = async () => {
    const isSlackDrained = await slack.stop();
    const isBotDrained = await bot.stop(DRAIN_LIMIT_MS);
    await beforeEnd();
    return isSlackDrained && isBotDrained;
  };
  try {
    // A bot that will be mute does not begin.
    await slack.checkToken();
    bot.start();
    const { port } = await slack.start();
    const stop = async () => {
      const isDrained = await drain();
      await atEnd();
      return isDrained;
    };
    return { port, ready: slack.ready, trouble: () => loggedTrouble(slack), stop };
  } catch (error) {
    await drain();
    throw error;
  }
}

function slackOptions({ slack }: ServeConfig, secrets: SlackSecrets) {
  const common = { botToken: secrets.botToken, slackApiUrl: secrets.apiUrl };
  return secrets.mode === 'socket'
    ? { ...common, mode: secrets.mode, appToken: secrets.appToken }
    : { ...common, mode: secrets.mode, signingSecret: secrets.signingSecret, port: slack.port };
}

/** Whatever is put on record may have a message with it: the delivery loop looks at once. */
function wakingStore(store: RecordStore, wake: Wake): RecordStore {
  return {
    transact: async (work) => {
      const result = await store.transact(work);
      wake.ring();
      return result;
    },
  };
}

function healthProbes(store: SqliteStore, slack: SlackApp): Record<string, HealthProbe> {
  return {
    store: async () => {
      await store.ping();
      return { state: 'healthy' };
    },
    slack: async () => {
      const why = troubleOf(slack);
      return why === null ? { state: 'healthy' } : { state: 'unhealthy', why };
    },
  };
}

function troubleOf(slack: SlackApp): PartTrouble | null {
  return slack.isConnected() ? null : { code: 'not-connected', trouble: slack.trouble() };
}

function loggedTrouble(slack: SlackApp): string | null {
  const why = troubleOf(slack);
  return why && LOGGED.health.partTrouble(why);
}
