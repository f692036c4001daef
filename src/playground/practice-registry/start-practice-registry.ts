import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ChildMessage, type ParentMessage, type ServiceIdentity } from './protocol.ts';
import { registryConfigText } from './registry-config.ts';

const START_TIMEOUT_MS = 20_000;
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

export type PracticeRegistry = {
  readonly configFile: string;
  readonly url: string;
  readonly debugUrl: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
};

/**
 * Starts a process that is called `registry`, runs as `identity` (null: as our own user) and has the health of a real
 * registry. Its config file and a link to the running Node go into `directory`. Resolves once it serves.
 */
export async function startPracticeRegistry(setup: {
  readonly directory: string;
  readonly rootDirectory: string;
  readonly identity: ServiceIdentity | null;
}): Promise<PracticeRegistry> {
  // The sockets are opened here and passed on, so that the config can name ports that no other process can take
  // meanwhile.
  const registryListener = await listen();
  const debugListener = await listen();
  const address = addressOf(registryListener);
  const debugAddress = addressOf(debugListener);
  const configFile = `${setup.directory}/config.yml`;
  writeFileSync(configFile, registryConfigText({ rootDirectory: setup.rootDirectory, address, debugAddress }));

  const child = launch(setup.directory, configFile);
  try {
    await handOver(child, { kind: 'registry-listener' }, registryListener);
    await handOver(child, { kind: 'debug-listener' }, debugListener);
    await becomeServing(child, { kind: 'serve', identity: setup.identity });
  } catch (error) {
    await stop(child);
    throw error;
  }
  return {
    configFile,
    url: `http://${address}`,
    debugUrl: `http://${debugAddress}`,
    pid: child.pid ?? 0,
    stop: () => stop(child),
  };
}

async function listen(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address and a port');
  return `${address.address}:${address.port}`;
}

/**
 * Starts Node through a symlink named `registry`, since the bot finds a process by the first word of its command line.
 */
function launch(directory: string, configFile: string): ChildProcess {
  mkdirSync(`${directory}/bin`);
  const executable = `${directory}/bin/registry`;
  symlinkSync(process.execPath, executable);
  return spawn(executable, [MAIN, 'serve', configFile], {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function handOver(child: ChildProcess, message: ParentMessage, listener: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.send(message, listener, (error) => (error ? reject(error) : resolve()));
  });
  listener.close();
}

async function becomeServing(child: ChildProcess, message: ParentMessage): Promise<void> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const exited = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`the practice registry ended at its start, with code ${code}`);
  });
  const serving = once(child, 'message', { signal });
  child.send(message);
  const [answer] = await Promise.race([serving, exited]);
  ChildMessage.parse(answer);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
