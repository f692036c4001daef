/**
 * Runs the tests: all of them, or the given files (`npm test -- test/cli/*.test.ts`).
 *
 * A test file is a process of its own, which loads the product again. The tests of many rooms share two processes, which
 * saves half of their time: they change nothing that a process has only once.
 *
 * Some need root, because they change owners and become other users. For an ordinary user those are skipped by name.
 * With CI=true nothing can be skipped, so the tests run as root there if sudo allows it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { exitStatus } from './exit-status.ts';
import { ALONE, sharedFiles } from './shared-tests.ts';

/** Far more than the slowest test takes. A hanging one must end. */
const TEST_TIMEOUT_MS = 600_000;

/** Test files at once, beside the two processes that many share: two more than processors, because they wait for servers much of their time. */
const CONCURRENCY = availableParallelism() + 2;

/** Code is compiled once for all. */
const compiled = mkdtempSync(join(tmpdir(), 'rd-compiled-'));
process.env['NODE_COMPILE_CACHE'] = compiled;
/** `npm ci` makes no links between modules, so none of the thousand that a process loads has to be looked at for one: a tenth of its start. */
process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], '--preserve-symlinks'].filter(Boolean).join(' ');

const isSudoNeeded = needsSudo();
if (isSudoNeeded) console.log('CI=true and sudo: the tests run as root');

const named = process.argv.slice(2);
const statuses = await Promise.all(named.length > 0 ? [inProcesses(named)] : all());
rmSync(compiled, { recursive: true, force: true });
process.exitCode = Math.max(...statuses);

/** All tests. Of those with a process of their own the longest begin first, so that none of them is left alone at the end. */
function all(): readonly Promise<number>[] {
  const halves = sharedFiles();
  const shared = new Set(halves.flat());
  const longest = globSync([...ALONE, 'test/integration/**/*.test.ts']);
  const alone = [...longest, ...globSync('test/**/*.test.ts')].filter((file) => !shared.has(file));
  return [inProcesses([...new Set(alone)]), ...halves.map(inOneProcess)];
}

/** Resolves to the exit status. */
function inProcesses(files: readonly string[]): Promise<number> {
  return exitStatus(runNode([`--test-concurrency=${CONCURRENCY}`, ...files], 'inherit'));
}

/** The same. What it prints comes in one piece at its end, not among the lines of the others. */
async function inOneProcess(files: readonly string[]): Promise<number> {
  const tests = runNode(['--test-isolation=none', ...files], 'pipe');
  const [printed, status] = await Promise.all([tests.stdout === null ? '' : text(tests.stdout), exitStatus(tests)]);
  process.stdout.write(printed);
  return status;
}

function runNode(args: readonly string[], stdout: 'inherit' | 'pipe'): ChildProcess {
  const node = [process.execPath, '--test', `--test-timeout=${TEST_TIMEOUT_MS}`, ...args];
  const [command = '', ...rest] = isSudoNeeded ? asRoot(node) : node;
  const tests = spawn(command, rest, { stdio: ['inherit', stdout, 'inherit'] });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tests.kill(signal));
  return tests;
}

function needsSudo(): boolean {
  if (process.env['CI'] !== 'true' || process.getuid?.() === 0) return false;
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}

/** sudo clears the environment, and PATH even when it is told to keep it; the tests need both. */
function asRoot(line: readonly string[]): readonly string[] {
  const environment = ['CI=true', `PATH=${process.env['PATH'] ?? ''}`];
  return ['sudo', '-n', '-H', 'env', ...environment, ...line];
}
