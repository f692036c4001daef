import { type ChildProcess, spawn } from 'node:child_process';
import type { ServerChannel } from 'ssh2';

const TIMEOUT_MS = 120_000;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export type RunningCommand = { readonly end: () => void };

/**
 * Runs one command line in a real shell, with its streams and exit status connected to the channel. The command and its
 * child processes are killed by `end`, when the channel closes and after the time limit. Calls `onEnd` once.
 */
export function runCommand(
  command: string,
  directory: string,
  channel: ServerChannel,
  onEnd: () => void,
): RunningCommand {
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: directory,
    env: { HOME: directory, PATH },
    // A process group of its own, so that the command and all its children can be killed at once.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const end = () => killGroup(child);
  const timer = setTimeout(end, TIMEOUT_MS);

  // A command may end without reading its input, and the client may disconnect. Neither is an error.
  for (const stream of [child.stdin, channel, channel.stderr]) stream.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });

  channel.once('close', end);
  child.once('exit', () => {
    clearTimeout(timer);
    // Background processes of the command would keep the pipes open, and so the channel.
    end();
  });
  child.once('error', () => channel.exit(127));
  child.once('close', (code, signal) => {
    if (signal) channel.exit(signal.replace(/^SIG/, ''));
    else channel.exit(code ?? 255);
    channel.end();
    onEnd();
  });
  return { end };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: no process of the group is left.
  }
}
