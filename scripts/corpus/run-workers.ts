import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cause } from './causes.ts';
import { APART } from './ground/machine.ts';
import type { Result } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

/** A scenario that could not be run to its end: nothing is known about it, and the corpus has failed. */
export type Failure = { readonly name: string; readonly cause: Cause; readonly failure: string };
export type Outcome = Result | Failure;

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Runs every scenario, each worker in mounts and processes of its own, so that nothing is left behind. */
export async function runWorkers(
  scenarios: readonly Scenario[],
  { seed, workers }: { readonly seed: number; readonly workers: number },
): Promise<readonly Outcome[]> {
  const names = scenarios.map(({ name }) => name);
  const shares = await Promise.all(
    Array.from({ length: workers }, (_, share) => runShare(names, seed, share, workers)),
  );
  const told = new Map(shares.flat().map((outcome) => [outcome.name, outcome]));
  return scenarios.map(
    ({ name, cause }) => told.get(name) ?? { name, cause, failure: 'its worker ended before its turn' },
  );
}

async function runShare(
  names: readonly string[],
  seed: number,
  share: number,
  shares: number,
): Promise<readonly Outcome[]> {
  const [program = '', ...apart] = APART;
  const words = [...apart, process.execPath, WORKER, `${seed}`, `${share}`, `${shares}`];
  const worker = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  worker.stdin.end(JSON.stringify(names));
  const outcomes: Outcome[] = [];
  for await (const line of createInterface({ input: worker.stdout })) {
    outcomes.push(JSON.parse(line));
    if (process.stderr.isTTY) process.stderr.write('.');
  }
  return outcomes;
}
