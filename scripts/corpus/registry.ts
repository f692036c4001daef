import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { HostPath } from '../../src/model/host-path.ts';
import { freePort } from '../../test/support/free-port.ts';
import type { Ground } from './ground.ts';
import { asService } from './kernel-truth.ts';
import type { RegistryChoice, Scene } from './scenario.ts';

/** Far more than anything here takes; what is awaited comes within some health checks of 50 ms. */
const DEADLINE_MS = 30_000;
const POLL_MS = 10;

/** Debian's docker-registry, as it runs for a scenario. */
export type RunningRegistry = {
  readonly configFile: HostPath;
  readonly address: string;
  readonly debugAddress: string;
  readonly logFile: HostPath;
  /** Null: it does not run. */
  readonly child: ChildProcess | null;
};

/** Writes the config, and starts the registry on it with exactly the scene's identity where the scene has it run. */
export async function startRegistry(ground: Ground, scene: Scene): Promise<RunningRegistry> {
  const choice = scene.registry ?? {};
  const address = scene.registry?.address ?? `127.0.0.1:${await freePort()}`;
  const debugAddress = `127.0.0.1:${await freePort()}`;
  const config = stringify(
    merged(registryConfig(scene.storageRoot, address, debugAddress, choice), choice.config ?? {}),
  );
  const configFile = ground.file('etc/registry/config.yml', config);
  const logFile = ground.file('log/registry.log');
  const stopped = { configFile, address, debugAddress, logFile, child: null };
  if (choice.state === 'down') return stopped;
  const [setpriv = '', ...identity] = asService(scene.identity);
  // The kernel ends the registry with us, even if we are killed: prctl(2), PR_SET_PDEATHSIG.
  const service = [setpriv, '--pdeathsig', 'KILL', ...identity, 'docker-registry', 'serve', configFile];
  const [program = '', ...words] = [...(choice.within ?? []), ...service];
  const log = openSync(logFile, 'a');
  const child = spawn(program, words, {
    cwd: '/',
    env: { PATH: process.env['PATH'], ...choice.environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await once(child, 'spawn');
  const registry = { ...stopped, child };
  if (choice.state === 'ends') {
    await once(child, 'exit');
    return registry;
  }
  await until(
    () => answers(registry),
    () => `the registry did not start: ${readFileSync(logFile, 'utf8').slice(-2000)}`,
  );
  return registry;
}

export async function stopRegistry({ child }: RunningRegistry): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** The status of `/v2/`; 0 where nobody answers. */
export async function statusOf({ address }: RunningRegistry): Promise<number> {
  try {
    const answer = await fetch(`http://${address}/v2/`);
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

export async function untilStatus(registry: RunningRegistry, status: number): Promise<void> {
  await until(
    async () => (await statusOf(registry)) === status,
    () => `the registry's /v2/ did not become ${status}`,
  );
}

/** Waits until what it logs has this in it. */
export async function untilLogged({ logFile }: RunningRegistry, words: string): Promise<void> {
  await until(
    async () => readFileSync(logFile, 'utf8').includes(words),
    () => `the registry did not log ${words}`,
  );
}

/** Begins a push, as docker does: the status, 202 where the registry could create the upload in its storage. */
export async function beginPush({ address }: RunningRegistry): Promise<number> {
  const answer = await fetch(`http://${address}/v2/corpus/trial/blobs/uploads/`, { method: 'POST' });
  await answer.arrayBuffer();
  return answer.status;
}

async function answers(registry: RunningRegistry): Promise<boolean> {
  const { child } = registry;
  if (child?.exitCode !== null)
    throw new Error(`the registry ended: ${readFileSync(registry.logFile, 'utf8').slice(-2000)}`);
  return (await statusOf(registry)) !== 0;
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
    // As quick as can be, so that what it says of its storage is what is so now.
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
