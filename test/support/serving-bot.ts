import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { SlackStandIn } from '../../src/playground/slack/slack-stand-in.ts';
import { freePort } from './free-port.ts';
import type { RegistryHost } from './registry-host.ts';
import type { Sshd } from './sshd.ts';

/** The bot as it is run: `main.ts serve`, a process of its own, on a config file of its own. */

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const START_LIMIT_MS = 30_000;

export type BotSetup = {
  readonly slack: SlackStandIn;
  readonly mode: 'http' | 'socket';
  readonly hosts: Record<
    string,
    { readonly sshd: Sshd; readonly registry: RegistryHost; readonly watchSeconds?: number }
  >;
  readonly policy?: Record<string, unknown>;
};

export type BotFiles = {
  readonly directory: string;
  readonly configFile: string;
  /** Runs another command of the command line on the same config. */
  readonly cli: (...args: string[]) => Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** Starts the bot; resolves when Slack can reach it. */
  readonly start: () => Promise<ServingBot>;
  readonly remove: () => void;
};

export type ServingBot = {
  readonly process: ChildProcess;
  readonly log: () => string;
  /** Ends it at once, as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Asks it to end; its exit status. */
  readonly stop: () => Promise<number | null>;
};

/** Writes the config file for a bot that knows these hosts; nothing runs yet. */
export async function prepareBot(setup: BotSetup): Promise<BotFiles> {
  const directory = mkdtempSync(join(tmpdir(), 'rd-bot-'));
  chmodSync(directory, 0o700);
  const configFile = join(directory, 'config.yml');
  const port = await freePort();
  const [first] = Object.values(setup.hosts);
  if (first === undefined) throw new Error('a bot needs a host');
  writeFileSync(
    configFile,
    stringify({
      slack: { mode: setup.mode, port, incidentChannel: 'C0INCIDENTS' },
      store: { url: 'sqlite:./registry-doctor.db' },
      ssh: { knownHosts: first.sshd.knownHostsFile },
      hosts: Object.fromEntries(Object.entries(setup.hosts).map(([name, host]) => [name, hostEntry(name, host)])),
      policy: setup.policy ?? { approvers: { users: ['U0ALICE', 'U0BOB'] } },
    }),
  );
  const environment = { PATH: process.env['PATH'], LOG_LEVEL: 'debug', ...setup.slack.environment };
  return {
    directory,
    configFile,
    cli: (...args) => runCli([...args, '--config', configFile], environment),
    start: () => startBot(configFile, environment, setup, port),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function hostEntry(name: string, host: BotSetup['hosts'][string]) {
  const { ssh } = host.sshd.hostSettings(name);
  const registry = host.registry.registrySettings();
  return {
    address: ssh.address,
    port: ssh.port,
    user: ssh.user,
    identityFile: ssh.identityFile,
    registry: { layout: registry.layout, config: registry.config, serviceUser: registry.serviceUser },
    ...(host.watchSeconds === undefined ? {} : { watch: { intervalSeconds: host.watchSeconds } }),
  };
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
  await Promise.race([failed, isReachable(setup, port)]);
  return {
    process: child,
    log: () => log,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
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
  slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);
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

async function runCli(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  await once(child, 'close');
  return { exitCode: child.exitCode ?? -1, stdout, stderr };
}
