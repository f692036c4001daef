import { readFileSync } from 'node:fs';
import { SHELLS, type Sshd, startSshd } from './diagnose.ts';
import { setUpMachine } from './ground/machine.ts';
import { prepare } from './ground/prepared.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { scenariosOf } from './scenarios/index.ts';

/**
 * Runs one share of the scenarios, one after the other, and prints one line of JSON for each. Start it in mounts and
 * processes of its own (see `machine.ts`): `worker.ts SEED SHARE SHARES`, the scenarios' names as JSON on standard
 * input.
 */
const [seed = '', share = '', shares = ''] = process.argv.slice(2);
const names = new Set<string>(JSON.parse(readFileSync(0, 'utf8')));
const wanted = scenariosOf(Number(seed)).filter(({ name }) => names.has(name));
const accounts = setUpMachine();
const prepared = await prepare();
let server: Promise<Sshd> | null = null;
const sshd = () => {
  server ??= startSshd();
  return server;
};

for (const [index, scenario] of wanted.entries()) {
  if (index % Number(shares) !== Number(share)) continue;
  await run(scenario, SHELLS[Math.floor(index / Number(shares)) % SHELLS.length] ?? []);
}
if (server !== null) await (await sshd()).stop();
prepared.clear();

async function run(scenario: Scenario, shell: readonly string[]): Promise<void> {
  try {
    tell(await runScenario(scenario, { accounts, prepared, shell, sshd }));
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ name: scenario.name, cause: scenario.cause, failure });
  }
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
