import { type SpawnSyncOptions, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, type TestOptions, test } from 'node:test';
import { IN_MEMORY } from '../support/in-memory.ts';
import { seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';

/** A shell that reads a program from its standard input. */
export type Shell = { readonly name: string; readonly command: readonly string[]; readonly skip: string | false };

/** Every shell that `/bin/sh` may be on a host. */
export const DASH: Shell = { name: 'dash', command: ['dash', '-s'], skip: skipUnless('linux') };
export const BUSYBOX: Shell = {
  name: 'busybox sh',
  command: ['busybox', 'sh', '-s'],
  skip: skipUnless('linux', 'busybox'),
};
export const SHELLS: readonly Shell[] = [
  DASH,
  { name: 'bash', command: ['bash', '--posix', '-s'], skip: skipUnless('linux', 'bash') },
  BUSYBOX,
];

type Body = (t: TestContext) => void | Promise<void>;
type TestInTurn = {
  (title: string, body: Body): void;
  (title: string, options: TestOptions, body: Body): void;
};

const FIRST_TURN = seedOfRun();
/** How many tests of tables each shell was offered. */
const offered = new Map<Shell, number>();

/**
 * `test` for a table that is there once for each shell: the shells take turns, so each of its tests runs in one of them, and the seed says
 * which begins. `RD_SEED=0`, 1 and 2 together run all. Where RD_LONG is set, as `npm run campaigns` does, each test runs in every shell.
 */
export function inTurn(shell: Shell): TestInTurn {
  return (title: string, options: TestOptions | Body, body?: Body) => {
    const nth = offered.get(shell) ?? 0;
    offered.set(shell, nth + 1);
    const turn = (nth + FIRST_TURN + SHELLS.indexOf(shell)) % SHELLS.length;
    if (turn !== 0 && process.env['RD_LONG'] === undefined) return;
    if (typeof options === 'function') test(title, options);
    else test(title, options, body);
  };
}

/** A whole identity, as setpriv takes it. */
export type RunAs = { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };

const TIMEOUT_MS = 60_000;

type RunOptions = { readonly as?: RunAs; readonly env?: Record<string, string> };

/** Hands the script to the shell over its standard input: a file, because bash reads a pipe byte by byte, and there are thousands of runs. */
export function runScript(shell: Shell, script: string, options: RunOptions = {}): SpawnSyncReturns<Buffer> {
  const input = openHidden(script);
  try {
    return run(shell, options, { stdio: [input, 'pipe', 'pipe'] });
  } finally {
    closeSync(input);
  }
}

/** A descriptor of a file that has no name any more. */
function openHidden(text: string): number {
  const directory = mkdtempSync(join(IN_MEMORY, 'rd-script-'));
  const file = join(directory, 'script');
  writeFileSync(file, text);
  const descriptor = openSync(file, 'r');
  rmSync(directory, { recursive: true });
  return descriptor;
}

/** As `runScript`, over a pipe, as sshd does. */
export function runPiped(shell: Shell, script: string, options: RunOptions = {}): SpawnSyncReturns<Buffer> {
  return run(shell, options, { input: Buffer.from(script) });
}

function run(shell: Shell, { as, env }: RunOptions, input: SpawnSyncOptions): SpawnSyncReturns<Buffer> {
  const [program = '', ...args] = [...asIdentity(as), ...shell.command];
  return spawnSync(program, args, {
    ...input,
    encoding: 'buffer',
    timeout: TIMEOUT_MS,
    maxBuffer: 16 * 1024 * 1024,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent', ...env },
  });
}

/** The words before a command that is to run as someone else. */
export function asIdentity(as: RunAs | undefined): readonly string[] {
  if (as === undefined) return [];
  const groups = as.groups.length > 0 ? ['--groups', as.groups.join(',')] : ['--clear-groups'];
  return ['setpriv', '--reuid', String(as.uid), '--regid', String(as.gid), ...groups, '--'];
}
