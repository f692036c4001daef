import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

export type CliResult = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** The environment of a person who has set nothing that concerns the program. */
export const BARE_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  ['PATH', 'NODE_COMPILE_CACHE'].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  ),
);

/** Runs the command line as people do, in a process of its own. */
export async function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const cli = startCli(args, environment);
  const [stdout, stderr] = await Promise.all([text(cli.stdout), text(cli.stderr)]);
  return { status: await cli.ended, stdout, stderr };
}

/** The same, as a running process. */
export function startCli(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...BARE_ENVIRONMENT, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      process.off('exit', killAtExit);
      resolve(status);
    });
  });
  return { pid: child.pid, stdout: child.stdout, stderr: child.stderr, kill: child.kill.bind(child), ended };
}
