import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICE_ACCOUNT } from '../../../support/hosts/docker-registry.ts';

const LISTENING = 'msg="listening on ';

export type LoggingRegistry = { readonly pid: number; readonly stop: () => Promise<void> };

/** Starts Debian's docker-registry as its own account, writing to the end of a file; waits until it listens, or has ended. */
export async function startLoggingRegistry(config: string, log: string): Promise<LoggingRegistry> {
  const output = openSync(log, 'a');
  const identity = ['--reuid', SERVICE_ACCOUNT, '--regid', SERVICE_ACCOUNT, '--clear-groups', '--pdeathsig', 'KILL'];
  const child = spawn('setpriv', [...identity, 'docker-registry', 'serve', config], {
    cwd: '/',
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  while (!hasEnded() && !readFileSync(log, 'utf8').includes(LISTENING)) await sleep(20);
  return { pid: child.pid ?? 0, stop: () => stop(child, hasEnded) };
}

async function stop(child: ChildProcess, hasEnded: () => boolean): Promise<void> {
  if (hasEnded()) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
