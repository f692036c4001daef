import type { AlertTokens } from '../config/alert-tokens.ts';
import type { ServeConfig } from '../config/config.ts';
import type { Checked, SlackSecrets, SshEnvironment } from '../config/environment.ts';
import { alertmanagerSilences } from '../http/alerts/alertmanager-silences.ts';
import { startHealthServer } from '../http/health-server.ts';
import { healthSocketFile } from '../http/health-socket.ts';
import { otlpCollector } from '../http/otlp-collector.ts';
import type { HealthProbe } from '../http/probe-parts.ts';
import { measuredHttp, measuredMessenger, measuredRemote } from '../metrics/measured-adapters.ts';
import { measuredStore } from '../metrics/measured-store.ts';
import { type MetricsPage, promMetrics } from '../metrics/prom-metrics.ts';
import type { Gauges } from '../metrics/read-gauges.ts';
import type { PartTrouble } from '../model/health.ts';
import { OperatorError } from '../model/operator-error.ts';
import { PRODUCT_VERSION } from '../model/product-version.ts';
import type { AuditEntry } from '../model/record/audit.ts';
import type { CollectorSettings } from '../model/settings/collector-settings.ts';
import { createSlackClients } from '../slack/connection/slack-clients.ts';
import type { FileSources } from '../slack/delivery/make-file.ts';
import { removePost } from '../slack/delivery/remove-post.ts';
import { SlackMessenger } from '../slack/delivery/slack-messenger.ts';
import { readerWords } from '../slack/people/reader-words.ts';
import { SlackDirectory } from '../slack/people/slack-directory.ts';
import { WorkspaceLinks } from '../slack/people/workspace-links.ts';
import { createSlackApp, type SlackApp } from '../slack/slack-app.ts';
import { Ssh2RemoteHost } from '../ssh/run/remote-host.ts';
import { checkpointFile } from '../store/checkpoint-file.ts';
import { openRecordAsBot } from '../store/open-record.ts';
import type { OpenedStore } from '../store/opened-store.ts';
import { otlpLogs } from '../telling/json/otlp-logs.ts';
import { wordsFor } from '../words/index.ts';
import { Bot } from '../workflow/bot.ts';
import type { WorkflowContext } from '../workflow/context.ts';
import { Wake } from '../workflow/delivery/wake.ts';
import type { Log } from '../workflow/ports/bot.ts';
import type { Messenger } from '../workflow/ports/messages.ts';
import type { RecordStore } from '../workflow/ports/record.ts';
import { exportIncidents } from '../workflow/record/export-incidents.ts';
import { recordConfigAtStart } from '../workflow/record/record-config-at-start.ts';
import { oldestUnsent } from '../workflow/record/send-entries.ts';
import type { Sending } from '../workflow/record/send-some.ts';
import { CheckpointKeeper } from '../workflow/witness/keep-checkpoints.ts';
import { noticeOlderCopy } from '../workflow/witness/notice-older-copy.ts';
import { type AlertReceiver, receiveAlerts } from './alert-receiver.ts';
import { approvalSignatures } from './approval-signatures.ts';
import { startMonitoring } from './monitoring.ts';
import { checkpointTakers, checkpointWitness } from './record/checkpoint-witnesses.ts';
import { registryHttp } from './registry-http.ts';
import { type Reloaded, RunningConfig } from './running-config.ts';
import { systemClock } from './system-clock.ts';

/** Long enough for a running execution to end on its own, and shorter than systemd's default of 90 s. */
const DRAIN_LIMIT_MS = 60_000;
const HEALTH_TIMEOUT_MS = 3_000;

/** For the log, the record, and operators' messages in them, which are always English. */
const LOGGED = wordsFor('en');

/** The parts of a bot. */
export type Serving = {
  /** Where the config was read. */
  readonly configFile: string;
  readonly config: ServeConfig;
  readonly secrets: SlackSecrets;
  readonly alertTokens: AlertTokens;
  /** Null: the record is sent nowhere. */
  readonly collector: CollectorSettings | null;
  readonly ssh: SshEnvironment;
  readonly log: Log;
};

/** The running bot. */
export type RunningBot = {
  /** The port of HTTP mode. Null in Socket Mode. */
  readonly port: number | null;
  /** Where monitoring can ask the bot. Null: nowhere. */
  readonly httpPort: number | null;
  /** Resolves when the bot can work for the first time: it is connected to Slack, which accepts its token. */
  readonly ready: Promise<void>;
  /** Why Slack is not reached right now. Null: it is. */
  trouble(): string | null;
  /** Applies a newer config file, as a whole or not at all. Calls run one after the other. */
  reload(newer: Checked<ServeConfig>): Promise<Reloaded>;
  /** Resolves when someone on this machine asks the bot to finish its work and end. */
  readonly drainAsked: Promise<void>;
  /** Accepts no more requests, finishes running work and delivers its messages. False: some of it took too long. */
  stop(): Promise<boolean>;
};

/**
 * Builds and starts the bot. Rejects, with nothing left open, if a part can't start. Takes the record's lock before it
 * upgrades the record, which another running bot might use.
 */
export async function serve(serving: Serving): Promise<RunningBot> {
  const { config, log } = serving;
  const store = await openRecordAsBot(config.store, { clock: systemClock, log });
  if (store === null) {
    throw new OperatorError({ code: 'health-socket-taken', socketFile: healthSocketFile(config.store) });
  }
  const remote = new Ssh2RemoteHost({
    knownHostsFile: config.ssh.knownHosts,
    ...serving.ssh,
    log,
    sessions: store.several?.sessions,
  });
  const closeAdapters = async () => {
    await remote.close();
    await store.close();
  };
  try {
    const { checkpoints } = config.store;
    const outside = checkpoints === null ? null : checkpointFile(checkpoints);
    if (outside !== null) await noticeOlderCopy({ store: store.store, clock: systemClock, log }, outside);
    const built = buildBot(serving, store, remote);
    const listening = await startListening(serving, store, built);
    const alerts = receiveAlerts(serving, built.bot, built.metrics);
    const beforeStart = () => putConfigOnRecord(serving, store);
    const running = await startBot({ ...built, alerts, beforeStart, beforeEnd: listening.close, atEnd: closeAdapters });
    const reload = async (newer: Checked<ServeConfig>) => {
      const reloaded = await built.running.reload(newer);
      if (reloaded.kind !== 'refused') followSettings(built, remote);
      return reloaded;
    };
    return { ...running, httpPort: listening.httpPort, drainAsked: listening.drainAsked, reload };
  } catch (error) {
    await closeAdapters();
    throw error;
  }
}

type Built = {
  readonly bot: Bot;
  readonly slack: SlackApp;
  readonly running: RunningConfig;
  readonly metrics: MetricsPage;
};

function buildBot(serving: Serving, opened: OpenedStore, remote: Ssh2RemoteHost): Built {
  const { config, secrets, ssh, log } = serving;
  const metrics = promMetrics();
  const clients = createSlackClients({ botToken: secrets.botToken, slackApiUrl: secrets.apiUrl, log });
  const wake = new Wake();
  const directory = new SlackDirectory(clients.questions);
  const store = measuredStore(wakingStore(opened.store, wake), metrics);
  const running = new RunningConfig(serving.configFile, config, { store, clock: systemClock, metrics, ssh });
  const checkpoints = new CheckpointKeeper(
    { store, clock: systemClock, log, metrics },
    {
      signer: () => running.checkpointSigner,
      takers: checkpointTakers(config.store),
      witness: checkpointWitness(config.store),
      channel: () => running.settings.incidentChannel,
    },
  );
  const context: WorkflowContext = {
    store,
    checkpoints,
    remote: measuredRemote(remote, metrics),
    directory,
    get signer() {
      return running.signer;
    },
    signatures: approvalSignatures(process.env),
    get canPostFiles() {
      return slack.canPostFiles();
    },
    clock: systemClock,
    log,
    metrics,
    get settings() {
      return running.settings;
    },
  };
  const files: FileSources = {
    canPost: () => slack.canPostFiles(),
    now: () => systemClock.now(),
    exported: async (incidentId) => {
      // Stored, and so kept by others too.
      await checkpoints.signNow();
      const sources = { trail: opened.auditTrail, signer: running.checkpointSigner, writtenBy: PRODUCT_VERSION };
      const { value } = await exportIncidents({ incidentId }, sources, config.language).next();
      return value ?? null;
    },
  };
  const messenger = measuredMessenger(new SlackMessenger(clients, log, wordsFor(config.language), files), metrics);
  const bot = new Bot(context, {
    outbox: opened.outbox,
    messenger: refreshingMessenger(messenger, () => slack.refreshHomes()),
    wake,
    several: opened.several && {
      ...opened.several,
      removePost: (channel, ts) => removePost(clients.messages, channel, ts),
    },
    onSeen: () => slack.refreshHomes(),
    http: measuredHttp(registryHttp(remote), metrics),
    links: new WorkspaceLinks(clients.questions, log),
    checkpoints,
    sending: sendingTo(serving.collector, opened),
    detailsDays: config.store.detailsDays,
    silences: { reader: alertmanagerSilences(log), sources: silenceSources(config) },
  });
  const wordsOf = readerWords(directory, config.language);
  const slack = createSlackApp({ ...slackOptions(config, secrets), requests: bot, log, metrics, wordsOf });
  return { bot, slack, running, metrics };
}

function sendingTo(collector: CollectorSettings | null, { auditTrail: trail }: OpenedStore): Sending | undefined {
  if (collector === null) return undefined;
  const toBody = (entries: readonly AuditEntry[]) => otlpLogs(entries, PRODUCT_VERSION);
  return { trail, collector: otlpCollector(collector, toBody), random: Math.random };
}

/** The Alertmanagers whose silences are read. */
function silenceSources({ alerts }: ServeConfig) {
  return alerts?.sources.filter(({ silencesUrl }) => silencesUrl !== null) ?? [];
}

/** Starts to answer `health` on its socket, and monitoring on HTTP if the config names a port. */
async function startListening(
  { config, collector, log }: Serving,
  store: OpenedStore,
  { bot, slack, running, metrics }: Built,
) {
  const probing = {
    timeoutMs: HEALTH_TIMEOUT_MS,
    probes: { ...healthProbes(store, slack), config: async () => running.health() },
    said: LOGGED.operatorProblem.errorWords,
  };
  const { promise: drainAsked, resolve: drain } = Promise.withResolvers<void>();
  const health = await startHealthServer({ socketFile: healthSocketFile(config.store), ...probing, drain });
  const gauges: Gauges = {
    writeRecord: store.ping,
    backlog: () => store.outbox.backlog(),
    oldestUnsent: collector && (() => oldestUnsent(store, store.auditTrail)),
    isSlackConnected: slack.isConnected,
    watchedHosts: () => bot.watchedHosts,
    clock: systemClock,
  };
  try {
    const monitoring = await startMonitoring(config.http, { probing, metrics, gauges, log });
    const close = async () => {
      await monitoring?.close();
      await health.close();
    };
    return { httpPort: monitoring?.port ?? null, drainAsked, close };
  } catch (error) {
    await health.close();
    throw error;
  }
}

/**
 * Applies changed hosts. The connection to a host that was removed, or whose login changed, ends after its running
 * work.
 */
function followSettings({ bot, running }: Built, remote: Ssh2RemoteHost): void {
  bot.followSettings();
  remote.keepOnly(running.settings.hosts.values());
}

/** By which config the bot works is on record before it works. Slack can have kept it waiting until the others took it for dead. */
async function putConfigOnRecord({ config, log }: Serving, { store, several }: OpenedStore): Promise<void> {
  if (several && (await several.leases.renew()) === null) await several.leases.join();
  await recordConfigAtStart({ store, clock: systemClock, log }, config.digest);
}

async function startBot(parts: {
  bot: Bot;
  slack: SlackApp;
  alerts: AlertReceiver;
  beforeStart: () => Promise<void>;
  beforeEnd: () => Promise<void>;
  atEnd: () => Promise<void>;
}): Promise<Omit<RunningBot, 'httpPort' | 'drainAsked' | 'reload'>> {
  const { bot, slack, alerts, beforeStart, beforeEnd, atEnd } = parts;
  const drain = async () => {
    await alerts.stop();
    const isSlackDrained = await slack.stop();
    const isBotDrained = await bot.stop(DRAIN_LIMIT_MS);
    await beforeEnd();
    return isSlackDrained && isBotDrained;
  };
  try {
    // A bot that could not answer does not start.
    await slack.checkToken();
    await beforeStart();
    bot.start();
    await alerts.start();
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

/**
 * Whatever a home tab shows of incidents and plans, a message tells of it as well, so its delivery is the moment to look again.
 */
function refreshingMessenger(messenger: Messenger, refresh: () => void): Messenger {
  return {
    pace: messenger.pace,
    deliver: async (message) => {
      const delivery = await messenger.deliver(message);
      if (delivery.kind === 'delivered') refresh();
      return delivery;
    },
  };
}

/** Wakes the delivery after every transaction, since each can have put a message into the outbox. */
function wakingStore(store: RecordStore, wake: Wake): RecordStore {
  return {
    transact: async (work) => {
      const result = await store.transact(work);
      wake.ring();
      return result;
    },
  };
}

function healthProbes(store: OpenedStore, slack: SlackApp): Record<string, HealthProbe> {
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
