import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from '../../../src/cli/run.ts';
import { BARE_ENVIRONMENT, type CliResult, MAIN } from './run-cli.ts';

/**
 * Runs the command line in this process, which has loaded most of it by then. For the many tests of what a command says.
 * Signals, the terminal and the end of the process are those of this process, so tests of these need `runCli`.
 */
export async function runHere(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const called: NodeJS.Process = Object.create(process, {
    argv: { value: [process.execPath, MAIN, ...args] },
    env: { value: { ...BARE_ENVIRONMENT, ...environment } },
    stdout: { value: stdout },
    stderr: { value: stderr },
    exitCode: { value: undefined, writable: true },
  });
  const said = Promise.all([text(stdout), text(stderr)]);
  await run(called);
  stdout.end();
  stderr.end();
  const [out, err] = await said;
  return { status: Number(called.exitCode ?? 0), stdout: out, stderr: err };
}
