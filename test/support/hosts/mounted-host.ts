import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A mount namespace of a test's own. What is mounted in it is visible only there and vanishes with it. */
export type MountedHost = {
  /** Words before a command that runs there. */
  readonly inside: readonly string[];
  readonly stop: () => Promise<void>;
};

/**
 * Creates a private mount namespace and runs a shell program in it, which mounts. Needs root. A shell stays in it that
 * ends with its standard input, and so with the test, even when that is killed.
 */
export async function startMountedHost(prepare: string): Promise<MountedHost> {
  const script = `set -e\n${prepare}\necho ready\nread -r _ || exit 0`;
  const child = spawn('unshare', ['-m', '--propagation', 'private', '/bin/sh', '-c', script], {
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [first] = await Promise.race([once(child.stdout, 'data'), exited]);
  if (String(first).trim() !== 'ready') throw new Error(`the mounts were not made (${String(first)})`);
  return {
    inside: ['nsenter', '-t', String(child.pid), '-m', '--'],
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
