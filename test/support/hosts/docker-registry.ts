import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../services/free-port.ts';

/** The account that Debian's package creates for the registry. */
export const SERVICE_ACCOUNT = 'docker-registry';

const DEADLINE_MS = 60_000;
const MAX_LOG_CHARACTERS = 100_000;

export type DockerRegistry = {
  readonly configFile: string;
  readonly url: string;
  readonly debugUrl: string;
  readonly pid: number;
  readonly waitUntil: (state: string, holds: (v2: number, health: string) => boolean) => Promise<void>;
  readonly logs: () => string;
  readonly stop: () => Promise<void>;
};

/**
 * Starts Debian's docker-registry on a storage root as its own account. The config file goes into `root`.
 *
 * @param inside words before its command, for example those that enter another mount namespace
 */
export async function startDockerRegistry(
  root: string,
  storageRoot: string,
  inside: readonly string[] = [],
): Promise<DockerRegistry> {
  for (let triesLeft = 3; ; triesLeft--) {
    const registry = await launchRegistry(root, storageRoot, inside);
    try {
      await registry.waitUntil('listening', () => true);
      return registry;
    } catch (error) {
      await registry.stop();
      // Another process took the port between our check and the registry's bind.
      if (triesLeft === 0 || !registry.logs().includes('address already in use')) throw error;
    }
  }
}

async function launchRegistry(root: string, storageRoot: string, inside: readonly string[]): Promise<DockerRegistry> {
  const address = `127.0.0.1:${await freePort()}`;
  const debugAddress = `127.0.0.1:${await freePort()}`;
  const configFile = `${root}/config.yml`;
  writeFileSync(configFile, registryConfig(storageRoot, address, debugAddress), { mode: 0o644 });
  // The kernel ends the registry with us, even if we are killed: prctl(2), PR_SET_PDEATHSIG.
  const identity = ['--reuid', SERVICE_ACCOUNT, '--regid', SERVICE_ACCOUNT, '--clear-groups', '--pdeathsig', 'KILL'];
  const [program = '', ...args] = [...inside, 'setpriv', ...identity, 'docker-registry', 'serve', configFile];
  const child = spawn(program, args, {
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logs = collectLogs(child);
  await once(child, 'spawn');
  return {
    configFile,
    url: `http://${address}`,
    debugUrl: `http://${debugAddress}`,
    pid: child.pid ?? 0,
    waitUntil: (state, holds) => waitUntil({ child, address, debugAddress, logs }, state, holds),
    logs,
    stop: () => stop(child),
  };
}

function registryConfig(storageRoot: string, address: string, debugAddress: string): string {
  // A JSON string is a YAML double-quoted scalar. An ordinary path is written without quotes.
  const root = /^[\w./-]+$/.test(storageRoot) ? storageRoot : JSON.stringify(storageRoot);
  return `version: 0.1
log:
  level: info
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: ${root}
http:
  addr: ${address}
  debug:
    addr: ${debugAddress}
health:
  storagedriver:
    enabled: true
    interval: 1s
    threshold: 3
`;
}

function collectLogs(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-MAX_LOG_CHARACTERS);
    });
  }
  return () => text;
}

type Running = {
  readonly child: ChildProcess;
  readonly address: string;
  readonly debugAddress: string;
  readonly logs: () => string;
};

async function waitUntil(
  { child, address, debugAddress, logs }: Running,
  state: string,
  holds: (v2: number, health: string) => boolean,
): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  let last = 'nothing';
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const answers = await ask(address, debugAddress);
    if (typeof answers === 'object' && holds(answers.v2, answers.health)) return;
    last = JSON.stringify(answers);
    await sleep(50);
  }
  throw new Error(`the registry did not become ${state}; it last answered ${last}; its log:\n${logs()}`);
}

async function ask(address: string, debugAddress: string): Promise<{ v2: number; health: string } | string> {
  try {
    const v2 = await fetch(`http://${address}/v2/`);
    await v2.arrayBuffer();
    const health = await fetch(`http://${debugAddress}/debug/health`);
    return { v2: v2.status, health: (await health.text()).trim() };
  } catch (error) {
    return String(error);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
