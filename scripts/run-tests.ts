/**
 * Runs the tests: all of them, or the given files (`npm test -- test/cli/*.test.ts`).
 *
 * Some need root, because they change owners and become other users. For an ordinary user those are skipped by name.
 * With CI=true nothing can be skipped, so the tests run as root there if sudo allows it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Far more than the slowest test takes. A hanging one must end. */
const TEST_TIMEOUT_MS = 600_000;

/** Test files at once: one more than processors, because they wait for servers much of their time. */
const CONCURRENCY = availableParallelism() + 1;

const named = process.argv.slice(2);
const files = named.length > 0 ? named : ['test/**/*.test.ts'];
const node = [
  process.execPath,
  '--test',
  `--test-timeout=${TEST_TIMEOUT_MS}`,
  `--test-concurrency=${CONCURRENCY}`,
  ...files,
];

/** Each test file is a process that loads the product again. Compiled code is shared here. */
const compiled = mkdtempSync(join(tmpdir(), 'rd-compiled-'));
process.env['NODE_COMPILE_CACHE'] = compiled;

const [command = '', ...args] = needsSudo() ? asRoot(node) : node;
const tests = spawn(command, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tests.kill(signal));
tests.on('close', (status, signal) => {
  rmSync(compiled, { recursive: true, force: true });
  process.exitCode = signal === null ? (status ?? 1) : 1;
});

function needsSudo(): boolean {
  if (process.env['CI'] !== 'true' || process.getuid?.() === 0) return false;
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}

/** sudo clears the environment, and PATH even when it is told to keep it; the tests need both. */
function asRoot(line: readonly string[]): readonly string[] {
  console.log('CI=true and sudo: the tests run as root');
  const environment = ['CI=true', `PATH=${process.env['PATH'] ?? ''}`];
  return ['sudo', '-n', '-H', 'env', ...environment, ...line];
}
