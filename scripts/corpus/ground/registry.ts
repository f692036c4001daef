import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { freePort } from '../../../test/support/services/free-port.ts';
import { asService } from '../kernel/truth.ts';
import type { RegistryChoice, Scene } from '../scenario.ts';
import type { Ground } from './ground.ts';
import { RegistryClient } from './registry-client.ts';
import type { RunningRegistry } from './running-registry.ts';

/** Far more than anything here takes. Awaited states come within some health checks of 50 ms. */
const DEADLINE_MS = 30_000;
const POLL_MS = 10;

/** Writes the config, and starts the registry with exactly the scene's identity if the scene runs it. */
export async function startRegistry(ground: Ground, scene: Scene): Promise<RunningRegistry> {
  const choice = scene.registry ?? {};
  const address = choice.address ?? `127.0.0.1:${await freePort()}`;
  const debugAddress = choice.debugAddress ?? `127.0.0.1:${await freePort()}`;
  const parts = merged(registryConfig(scene.storageRoot, address, debugAddress, choice), choice.config ?? {});
  const text = choice.edit?.(stringify(parts)) ?? stringify(parts);
  const configFile = ground.file('etc/registry/config.yml', text, choice.configPermissions);
  const [setpriv = '', ...identity] = asService(scene.identity);
  // The kernel ends the registry with us, even if we are killed: prctl(2), PR_SET_PDEATHSIG.
  const service = [setpriv, '--pdeathsig', 'KILL', ...identity, 'docker-registry', 'serve', configFile];
  const stopped = {
    configFile,
    address,
    debugAddress,
    logFile: choice.log === 'usual' ? usualLog(ground) : ground.file('log/registry.log'),
    client: new RegistryClient({ address, ...choice.client }),
    command: { words: [...(choice.within ?? []), ...service], environment: choice.environment ?? {} },
    child: null,
  };
  if (choice.state === 'down') return stopped;
  if (choice.state === undefined || choice.state === 'running') return await restart(stopped);
  const registry = await launch(stopped);
  if (choice.state === 'silent') await untilLogged(registry, 'listening on');
  else
    await until(
      async () => !isRunning(registry),
      () => `the registry did not end: ${lastLogged(registry)}`,
    );
  return registry;
}

/** In this process's own /var/log (see `machine.ts`). */
function usualLog(ground: Ground): HostPath {
  const file = HostPath.parse('/var/log/docker-registry.log');
  writeFileSync(file, '');
  ground.atEnd(() => rmSync(file));
  return file;
}

/** Starts it as before, or as it would have been. Resolves once it answers, and throws if it never does. */
export async function restart(stopped: RunningRegistry): Promise<RunningRegistry> {
  const registry = await launch(stopped);
  await until(
    () => answers(registry),
    () => `the registry did not start: ${lastLogged(registry)}`,
  );
  return registry;
}

async function launch(stopped: RunningRegistry): Promise<RunningRegistry & { readonly child: ChildProcess }> {
  const { words, environment } = stopped.command;
  const [program = '', ...rest] = words;
  const log = openSync(stopped.logFile, 'a');
  const child = spawn(program, rest, {
    cwd: '/',
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await once(child, 'spawn');
  return { ...stopped, child };
}

export function isRunning({ child }: Pick<RunningRegistry, 'child'>): boolean {
  return child !== null && child.exitCode === null && child.signalCode === null;
}

export async function stopRegistry(registry: RunningRegistry): Promise<void> {
  const { child } = registry;
  if (child === null || !isRunning(registry)) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

export async function untilStatus({ client }: RunningRegistry, status: number): Promise<void> {
  await until(
    async () => (await client.status()) === status,
    () => `the registry's /v2/ did not become ${status}`,
  );
}

/** Waits until its log contains this. */
export async function untilLogged({ logFile }: RunningRegistry, words: string): Promise<void> {
  await until(
    async () => readFileSync(logFile, 'utf8').includes(words),
    () => `the registry did not log ${words}`,
  );
}

async function answers(registry: RunningRegistry): Promise<boolean> {
  if (!isRunning(registry)) throw new Error(`the registry ended: ${lastLogged(registry)}`);
  return (await registry.client.status()) !== 0;
}

function lastLogged({ logFile }: RunningRegistry): string {
  return readFileSync(logFile, 'utf8').slice(-2000);
}

async function until(holds: () => Promise<boolean>, failure: () => string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(failure());
    await sleep(POLL_MS);
  }
}

type Parts = Readonly<Record<string, unknown>>;

function registryConfig(storageRoot: HostPath, address: string, debugAddress: string, choice: RegistryChoice): Parts {
  return {
    version: '0.1',
    log: { level: 'info' },
    storage: {
      filesystem: { rootdirectory: storageRoot },
      // It would create a directory of its own in the storage at some random moment.
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: address, debug: { addr: debugAddress } },
    // As fast as possible, so that it reports the current state of its storage.
    health: { storagedriver: { enabled: choice.healthCheck ?? true, interval: '50ms', threshold: 1 } },
  };
}

function merged(base: Parts, over: Parts): Parts {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isParts(before) && isParts(value) ? merged(before, value) : value;
    if (value === null) delete result[key];
  }
  return result;
}

function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
