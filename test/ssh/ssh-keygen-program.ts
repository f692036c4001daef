import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the real ssh-keygen, as a host does that is asked whether a signature is right. */
export async function sshKeygen(args: readonly string[], input = ''): Promise<Ended> {
  const child = spawn('ssh-keygen', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  // It may have refused before it has read anything.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { status: child.exitCode, stdout, stderr };
}
