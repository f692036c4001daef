import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that does nothing, started by these words, until the test ends; as a plan names one. */
export async function sleeping(
  t: TestContext,
  words: readonly string[],
): Promise<{ readonly pid: number; readonly startTicks: string }> {
  const [program = '', ...rest] = [...words, 'sleep', '600'];
  const child = spawn(program, rest, { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be started`);
  while (readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'sleep\n') await sleep(5);
  // Field 22 of proc_pid_stat(5); the second may have blanks in it.
  const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/\(.*\)/, '-')
    .split(' ');
  return { pid, startTicks: fields[19] ?? '' };
}
