import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import type { GuardPlace } from '../hosts/installed-guard.ts';
import type { RegistryHost } from '../hosts/registry-host.ts';
import type { Sshd } from '../hosts/sshd.ts';
import { freePort } from '../services/free-port.ts';
import { BARE_ENVIRONMENT, type CliResult } from './run-cli.ts';
import { runHere } from './run-here.ts';
import { SHIPPED_NODE_OPTIONS } from './shipped-node-options.ts';

/** The serving bot: `main.ts serve`, a process of its own, on a config file of its own. */

const MAIN = new URL('../../../src/main.ts', import.meta.url).pathname;
export const CLOCK_AHEAD = new URL('./clock-ahead.ts', import.meta.url).href;
/** What lets a campaign play many flows at once: Slack takes all edits, and checks may take as long as they do when all hosts share a machine. */
export const CAMPAIGN = ['../slack/unpaced-edits.ts', './patient-checks.ts'].map(
  (path) => new URL(path, import.meta.url).href,
);
/** Far more than a bot takes, also on a machine with many others at work. One that ends is noticed at once. */
const START_LIMIT_MS = 120_000;

export type BotSetup = {
  readonly slack: SlackStandIn;
  readonly mode: 'http' | 'socket';
  readonly hosts: Record<
    string,
    {
      readonly sshd: Sshd;
      readonly registry: RegistryHost;
      readonly watchSeconds?: number;
      /** The config says where the registry is. */
      readonly withUrls?: boolean;
      /** Keys of its config that stand for the usual ones. */
      readonly config?: Readonly<Record<string, unknown>>;
      /** Logs in as its account, to the installed guard. */
      readonly guard?: GuardPlace;
    }
  >;
  readonly policy?: Record<string, unknown>;
  /** Signs the record; also what a host with a guard takes. */
  readonly signingKey?: string;
  /** It receives alerts of Alertmanager at `/alerts/prometheus`. */
  readonly alerts?: AlertsIn;
  /** Where its record is, if not in a file. */
  readonly storeUrl?: string;
  /** Others are connected to Slack beside it, in Socket Mode. */
  readonly isAmongOthers?: true;
  /** The port of this machine through which it reaches Slack, if not Slack's own. */
  readonly slackPort?: number;
  /** Sections of its config that stand for the usual ones. */
  readonly config?: Readonly<Record<string, unknown>>;
};

export type AlertsIn = { readonly port: number; readonly token: string };

/** How far the bot's own clock is ahead of this machine's, so that no test has to wait for a plan to expire. */
export type BotClock = { readonly aheadMs: number };

/** Modules that a bot loads before itself, and what they read of the environment. */
export type BotLife = { readonly imports: readonly string[]; readonly environment: Readonly<Record<string, string>> };

export type BotFiles = {
  readonly directory: string;
  readonly configFile: string;
  /** Runs another command of the command line on the same config. */
  readonly cli: (...args: string[]) => Promise<CliResult>;
  /** Starts the bot. Resolves when Slack can reach it. */
  readonly start: (life?: BotClock | BotLife) => Promise<ServingBot>;
  readonly remove: () => void;
};

export type ServingBot = {
  readonly process: ChildProcess;
  /** Where it receives Slack's requests in HTTP mode. */
  readonly requestUrl: string;
  readonly log: () => string;
  /** Ends it at once, as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Asks it to end. Resolves to its exit status. */
  readonly stop: () => Promise<number | null>;
};

/** Writes the config file for a bot with these hosts. Nothing runs yet. */
export async function prepareBot(setup: BotSetup): Promise<BotFiles> {
  const directory = mkdtempSync(join(tmpdir(), 'rd-bot-'));
  chmodSync(directory, 0o700);
  const configFile = join(directory, 'config.yml');
  const port = await freePort();
  const [first] = Object.values(setup.hosts);
  if (first === undefined) throw new Error('a bot needs a host');
  writeFileSync(
    configFile,
    stringify(
      {
        slack: { mode: setup.mode, port, incidentChannel: 'C0INCIDENTS' },
        store:
          setup.storeUrl === undefined
            ? { url: 'sqlite:./registry-doctor.db' }
            : { url: setup.storeUrl, socket: './health.sock' },
        ssh: { knownHosts: first.sshd.knownHostsFile },
        hosts: Object.fromEntries(Object.entries(setup.hosts).map(([name, host]) => [name, hostEntry(name, host)])),
        ...signingEntry(first.guard?.signingKeyFile ?? setup.signingKey),
        ...(setup.alerts && { alerts: alertsEntry(setup.alerts) }),
        policy: setup.policy ?? { approvers: { users: ['U0ALICE', 'U0BOB'] } },
        ...setup.config,
      },
      { aliasDuplicateObjects: false },
    ),
  );
  const environment = {
    ...BARE_ENVIRONMENT,
    LOG_LEVEL: 'debug',
    ...setup.slack.environment,
    ...(setup.slackPort !== undefined && { SLACK_API_URL: `http://127.0.0.1:${setup.slackPort}/api/` }),
    ...(setup.alerts && { ALERT_TOKEN_PROMETHEUS: setup.alerts.token }),
  };
  return {
    directory,
    configFile,
    cli: (...args) => runHere([...args, '--config', configFile], environment),
    start: (life) => startBot(configFile, { ...environment, ...environmentOf(life) }, setup, port),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function signingEntry(key: string | undefined) {
  return key === undefined ? {} : { signing: { key } };
}

function alertsEntry({ port }: AlertsIn) {
  return { port, sources: { prometheus: { kind: 'alertmanager' } } };
}

function environmentOf(life: BotClock | BotLife = { imports: [], environment: {} }): NodeJS.ProcessEnv {
  const { imports, environment } =
    'imports' in life ? life : { imports: [CLOCK_AHEAD], environment: { RD_CLOCK_AHEAD_MS: String(life.aheadMs) } };
  const options = [SHIPPED_NODE_OPTIONS, ...imports.map((module) => `--import=${module}`)];
  return { ...environment, NODE_OPTIONS: options.join(' ') };
}

function hostEntry(name: string, host: BotSetup['hosts'][string]) {
  const { ssh } = host.sshd.hostSettings(name);
  const registry = host.registry.registrySettings();
  return {
    address: ssh.address,
    port: ssh.port,
    user: host.guard?.account ?? ssh.user,
    identityFile: ssh.identityFile,
    ...(host.guard === undefined ? {} : { sudo: true, guard: guardEntry(host.guard) }),
    registry: {
      layout: registry.layout,
      config: registry.config,
      serviceUser: registry.serviceUser,
      ...(host.withUrls ? { url: host.registry.url, debugUrl: host.registry.debugUrl } : {}),
    },
    ...(host.watchSeconds === undefined ? {} : { watch: { intervalSeconds: host.watchSeconds, deepLookMinutes: 0 } }),
    ...host.config,
  };
}

function guardEntry({ path, approverKeyFile }: GuardPlace) {
  return { path, approverSignature: approverKeyFile === null ? 'never' : 'high-risk' };
}

async function startBot(
  configFile: string,
  environment: NodeJS.ProcessEnv,
  setup: BotSetup,
  port: number,
): Promise<ServingBot> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', configFile], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      log = (log + part).slice(-2_000_000);
    });
  }
  const exited = once(child, 'exit');
  const failed = exited.then(([code]) => {
    throw new Error(`the bot ended with ${code} before it served:\n${log}`);
  });
  failed.catch(() => {});
  const isServing = async () => {
    setup.slack.deliverTo(null);
    while (!log.includes('"serving"')) await once(child.stdout, 'data');
  };
  await Promise.race([failed, setup.isAmongOthers ? isServing() : isReachable(setup, port)]).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    process: child,
    requestUrl: requestUrlOn(port),
    log: () => log,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
      await isGone(setup);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await isGone(setup);
      return child.exitCode;
    },
  };
}

async function isReachable({ slack, mode }: BotSetup, port: number): Promise<void> {
  if (mode === 'socket') {
    slack.deliverTo(null);
    return slack.socketMode.waitForConnections(1, START_LIMIT_MS);
  }
  await waitForListener(port);
  slack.deliverTo(requestUrlOn(port));
}

/** Its connection must not be mistaken for that of the next bot, for which a click would then be too early. */
async function isGone({ slack, mode, isAmongOthers }: BotSetup): Promise<void> {
  if (mode === 'socket' && !isAmongOthers) await slack.socketMode.waitForConnections(0, START_LIMIT_MS);
}

function requestUrlOn(port: number): string {
  return `http://127.0.0.1:${port}/slack/events`;
}

async function waitForListener(port: number): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(25);
  }
  throw new Error(`nothing listens on port ${port}`);
}
