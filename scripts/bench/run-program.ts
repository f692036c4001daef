import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';

export type Program = {
  readonly command: readonly string[];
  readonly stdin: string;
  readonly env?: Readonly<Record<string, string>>;
};

/**
 * A small shell runs and times the program. Forking this big process takes longer than a script to be measured, and
 * would count for every program but never for us.
 */
const TIMED = 'from=$(date +%s%N); "$@"; status=$?; to=$(date +%s%N); echo $((to - from)) >&3; exit $status';

/** Runs a program to its end and returns its output and its own milliseconds. Throws if it fails. */
export async function runProgram({ command, stdin, env }: Program): Promise<{ stdout: Buffer; ms: number }> {
  const child = spawn('/bin/sh', ['-c', TIMED, 'sh', ...command], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  // A program that ends without reading all of its input is judged by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const [, , , timing] = child.stdio;
  if (!(timing instanceof Readable)) throw new Error('the pipe for the time is missing');
  const [stdout, stderr, nanoseconds] = await Promise.all([buffer(child.stdout), text(child.stderr), text(timing)]);
  await closed;
  if (child.exitCode !== 0) {
    const words = stderr || stdout.toString();
    throw new Error(`${command[0]} ended with ${child.exitCode ?? child.signalCode}: ${words.slice(0, 2000)}`);
  }
  return { stdout, ms: Number(nanoseconds) / 1e6 };
}

export function isInstalled(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
