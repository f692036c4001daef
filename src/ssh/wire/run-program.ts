import { type ExecFileException, execFile, spawn } from 'node:child_process';
import type { ProgramBreak } from '../../model/plan/signature-problem.ts';
import { errnoCode, systemProblem } from '../../model/system-problem.ts';

/** How a program on this machine ended. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string }
  | { readonly kind: 'not-found' }
  /** It did not start, or was ended. */
  | { readonly kind: 'ended'; readonly why: ProgramBreak };

type Environment = Readonly<Record<string, string | undefined>>;

const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 64 * 1024;
/** How long a program at the terminal can run. The person might have to fetch a hardware key first. */
const TERMINAL_TIMEOUT_MS = 5 * 60_000;

/** Runs a program without interaction, with limits on its time and output. */
export function runBounded(
  program: string,
  args: readonly string[],
  { environment, input }: { readonly environment: Environment; readonly input: string },
): Promise<ProgramEnd> {
  const { promise, resolve } = Promise.withResolvers<ProgramEnd>();
  const options = {
    env: environment,
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    killSignal: 'SIGKILL',
  } as const;
  const child = execFile(program, args, options, (error, stdout) => resolve(boundedEnd(error, stdout)));
  // The program can end before it has read everything, and reports the reason itself.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return promise;
}

/**
 * Runs a program that interacts with the person at the terminal. Its messages go to standard error, like all output
 * that is not a result.
 *
 * @param terminal a file descriptor to read from; null: standard input
 */
export async function runOnTerminal(
  program: string,
  args: readonly string[],
  { environment, terminal }: { readonly environment: Environment; readonly terminal: number | null },
): Promise<ProgramEnd> {
  const { promise, resolve } = Promise.withResolvers<ProgramEnd>();
  // Ctrl-C reaches the program as well. It ends, and its temporary files are removed before this process ends.
  const outlive = () => {};
  process.on('SIGINT', outlive);
  const stdio = [terminal ?? 'inherit', process.stderr.fd, 'inherit'] as const;
  const child = spawn(program, args, { env: environment, stdio: [...stdio] });
  // Node's own timer would continue, and keep this process alive, if the program could not be started.
  const timer = setTimeout(() => child.kill(), TERMINAL_TIMEOUT_MS);
  child.once('error', (error) => resolve(notStarted(error)));
  child.once('close', (exitCode, signal) => {
    if (exitCode !== null) resolve({ kind: 'exited', exitCode, stdout: '' });
    else resolve({ kind: 'ended', why: { code: 'ended-by', signal: signal ?? '' } });
  });
  return promise.finally(() => {
    clearTimeout(timer);
    process.off('SIGINT', outlive);
  });
}

function boundedEnd(error: ExecFileException | null, stdout: string): ProgramEnd {
  if (error === null) return { kind: 'exited', exitCode: 0, stdout };
  if (typeof error.code === 'number') return { kind: 'exited', exitCode: error.code, stdout };
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return { kind: 'ended', why: { code: 'wrote-too-much' } };
  if (error.killed) return { kind: 'ended', why: { code: 'took-too-long', timeoutMs: TIMEOUT_MS } };
  return error.signal ? { kind: 'ended', why: { code: 'ended-by', signal: error.signal } } : notStarted(error);
}

function notStarted(error: unknown): ProgramEnd {
  if (errnoCode(error) === 'ENOENT') return { kind: 'not-found' };
  return { kind: 'ended', why: { code: 'failed', error: systemProblem(error) } };
}
