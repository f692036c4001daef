import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A host of one row: its own root file system (an overlay, so nothing of this machine changes), mounts, processes and
 * name. The network is this machine's loopback.
 */
export type Machine = {
  /** Its root as this machine sees it, for node:fs. */
  readonly root: string;
  /** Words before a command that runs there as root. */
  readonly inside: readonly string[];
  /** Runs a program of the shell there as root. Throws with its output if it fails. */
  readonly sh: (script: string, input?: string) => string;
  /** Starts a program there, which ends with the machine. */
  readonly start: (command: readonly string[], as?: { readonly uid: number; readonly gid: number }) => ChildProcess;
  /** Ends every process there and removes all of it. */
  readonly stop: () => Promise<void>;
};

/**
 * Makes the new root from `$1`, with all changes in memory at `$2` and the storage's disk from `$3`, and enters it. An
 * overlay has no file attributes (chattr(1)) and no real disk below, so the storage gets one.
 */
const ENTER = `set -e
mount -t tmpfs -o mode=0755,size=1g tmpfs "$2"
mkdir "$2/upper" "$2/work" "$2/root"
mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" overlay "$2/root"
mkdir -p "$2/root/srv" "$2/root/proc" "$2/root/sys" "$2/root/dev" "$2/root/run" "$2/root/tmp" "$2/root/mnt"
mount --bind "$3" "$2/root/srv"
mount -t proc proc "$2/root/proc"
mount --rbind /sys "$2/root/sys"
mount --rbind /dev "$2/root/dev"
mount -t tmpfs -o mode=0755 tmpfs "$2/root/run"
mount -t tmpfs -o mode=1777,size=64m tmpfs "$2/root/tmp"
hostname git01
cd "$2/root"
pivot_root . mnt
umount -l /mnt
echo ready
while read -r line; do :; done
`;

const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--uts', '--ipc', '--propagation', 'private'];

export async function startMachine(lowerRoot: string): Promise<Machine> {
  const place = mkdtempSync('/var/tmp/rd-hosts-');
  const disk = mkdtempSync('/var/tmp/rd-hosts-disk-');
  const child = spawn('unshare', [...NAMESPACES, '/bin/sh', '-c', ENTER, 'sh', lowerRoot, place, disk], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
  });
  const exited = once(child, 'exit');
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const remove = () => {
    for (const directory of [place, disk]) rmSync(directory, { recursive: true, force: true });
  };
  const [first] = await Promise.race([once(child.stdout, 'data'), exited]);
  if (String(first).trim() !== 'ready') {
    remove();
    throw new Error('the namespaces of a host could not be made');
  }
  const pid = firstChildOf(child.pid);
  const inside = ['nsenter', '-t', pid, '--mount', '--pid', '--uts', '--ipc', '--'];
  return {
    root: `/proc/${pid}/root`,
    inside,
    sh: (script, input = '') => shell(inside, script, input),
    start: (command, as) => startIn(pid, command, as),
    stop: async () => {
      process.off('exit', killAtExit);
      // The first process of a process namespace takes all others with it when it ends.
      child.stdin.end();
      await exited;
      await untilGone(pid);
      remove();
    },
  };
}

/** The first process of the new process namespace, by its id on this machine. */
function firstChildOf(parent: number | undefined): string {
  return readFileSync(`/proc/${parent}/task/${parent}/children`, 'latin1').trim();
}

function shell(inside: readonly string[], script: string, input: string): string {
  const [program = '', ...words] = [...inside, '/bin/sh', '-euc', script];
  const { status, stdout, stderr } = spawnSync(program, words, {
    input,
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', HOME: '/root' },
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`status ${status} of ${JSON.stringify(script)}\n${stdout}${stderr}`);
  return stdout;
}

function startIn(pid: string, command: readonly string[], as?: { readonly uid: number; readonly gid: number }) {
  const identity = as === undefined ? [] : ['-S', String(as.uid), '-G', String(as.gid)];
  const words = ['-t', pid, '--mount', '--pid', '--uts', '--ipc', ...identity, '--', ...command];
  const child = spawn('nsenter', words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
  });
  child.stdout.resume();
  child.stderr.resume();
  return child;
}

/** A process namespace ends with its first process, but its processes let go of their mounts only one by one. */
async function untilGone(pid: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (spawnSync('test', ['-e', `/proc/${pid}/ns`]).status !== 0) return;
    await sleep(20);
  }
}
