import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { ScratchTree } from '../../../scratch-tree.ts';

/** As a registry is named and called, and otherwise idle; ends when its standard input does. */
const IDLE_PROGRAM = '#!/bin/sh\necho ready\nread -r _\n';

export type NamespacedRegistry = { readonly pid: number; readonly stop: () => Promise<void> };

export type Container = {
  /** Run as root in the new mount namespace, before the program: its mounts. With a root of its own, `$new` is that. */
  readonly prepare: string;
  /**
   * `own`: a root of its own (pivot_root(2)), a tmpfs with the host's /usr in it, as an image has; `overlay`: the same in layers,
   * as of an image; `chroot`: the same in the host's mount namespace; `host`: all that the host has, and what `prepare` changes.
   */
  readonly root: 'own' | 'overlay' | 'chroot' | 'host';
  readonly args: readonly string[];
  /** As setpriv(1) takes it. */
  readonly identity: readonly string[];
  /** Another program than the idle one, by its path in the container. */
  readonly program?: string;
  /** Where its own user namespace puts uid and gid 0 outside; without one, it shares the host's. */
  readonly mapsRootTo?: number;
  /** More of unshare(1), as `-n`. */
  readonly unshare?: readonly string[];
};

/** Starts a registry in namespaces of its own, with real mounts, which vanish with it. Needs root. */
export async function startNamespacedRegistry(tree: ScratchTree, container: Container): Promise<NamespacedRegistry> {
  const directory = tree.directory(tree.at('container')).toString();
  writeFileSync(tree.at('docker-registry'), IDLE_PROGRAM, { mode: 0o755 });
  const script = scriptFor(tree, directory, container);
  return container.mapsRootTo === undefined
    ? start(unsharing(container), script, container.program !== undefined)
    : startInUserNamespace(container, container.mapsRootTo, script);
}

function unsharing({ root, unshare = [] }: Container): readonly string[] {
  return root === 'chroot' ? [] : ['unshare', '-m', '--propagation', 'private', ...unshare];
}

function scriptFor(
  tree: ScratchTree,
  directory: string,
  { root, prepare, program, identity, args }: Container,
): string {
  const command = program ?? (root === 'host' ? `${tree.root}/docker-registry` : '/docker-registry');
  const words = args.map((word) => `'${word}'`).join(' ');
  return [
    'set -e',
    `new='${directory}'`,
    ...(root === 'host' ? [] : rootFileSystem(tree, root)),
    prepare,
    ...{ host: [], chroot: [], own: PIVOT, overlay: PIVOT }[root],
    `exec ${root === 'chroot' ? 'chroot "$new" ' : ''}setpriv ${identity.join(' ')} -- '${command}' ${words}`,
  ].join('\n');
}

function rootFileSystem(tree: ScratchTree, root: 'own' | 'overlay' | 'chroot'): readonly string[] {
  return [
    { own: 'mount -t tmpfs -o mode=755 none "$new"', overlay: layersIn(tree), chroot: '' }[root],
    'mkdir -p "$new/proc" "$new/dev" "$new/usr" "$new/etc" "$new/old"',
    root === 'chroot' ? COPIED_PROGRAMS : 'cp -P /bin /lib /lib64 /sbin "$new/"; mount --bind /usr "$new/usr"',
    ...(root === 'chroot' ? [] : [SYSTEM_MOUNTS]),
    `cp '${tree.root}/docker-registry' "$new/"`,
  ];
}

function layersIn(tree: ScratchTree): string {
  const layers = `${tree.root}/layers`;
  return `mkdir '${layers}'; mount -t tmpfs none '${layers}'; mkdir '${layers}/lower' '${layers}/upper' '${layers}/work'
mount -t overlay -o 'lowerdir=${layers}/lower,upperdir=${layers}/upper,workdir=${layers}/work' overlay "$new"`;
}

/** Debian's awk is a link into /etc/alternatives. */
const SYSTEM_MOUNTS = `mount --bind /dev "$new/dev"; mount -t proc proc "$new/proc"
mkdir "$new/etc/alternatives"; mount --bind /etc/alternatives "$new/etc/alternatives"`;

/** No mount may be made here: it would be the host's. */
const COPIED_PROGRAMS = `for program in /bin/dash /usr/bin/setpriv; do
  cp --parents "$program" "$new"
  ldd "$program" | grep -o '/[^ ]*' | xargs cp --parents -L -t "$new"
done
ln -s dash "$new/bin/sh"`;

const PIVOT = ['cd "$new"; pivot_root . old; umount -l /old'];

/** Resolves when the program says something; one that has its own words has to be asked whether it is there. */
async function start(prefix: readonly string[], script: string, isSilent = false): Promise<NamespacedRegistry> {
  const [program = '', ...args] = [...prefix, '/bin/sh', '-c', script];
  const child = spawn(program, args, {
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    stdio: ['pipe', isSilent ? 'ignore' : 'pipe', isSilent ? 'ignore' : 'inherit'],
  });
  if (!isSilent) await started(child);
  return { pid: child.pid ?? 0, stop: () => stop(child) };
}

/** The maps of a user namespace are written from outside, and only its own root may then make mounts in it. */
async function startInUserNamespace(
  { unshare = [] }: Container,
  outside: number,
  script: string,
): Promise<NamespacedRegistry> {
  const holder = await start(['unshare', '-U', '-m', '--propagation', 'private', ...unshare], 'echo ready; read -r _');
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${holder.pid}/${map}`, `0 ${outside} 65536\n`);
  const entering = ['nsenter', '-t', String(holder.pid), '-U', '-m', '-S', '0', '-G', '0'];
  try {
    const registry = await start(entering, script);
    return {
      pid: registry.pid,
      stop: async () => {
        await registry.stop();
        await holder.stop();
      },
    };
  } catch (error) {
    await holder.stop();
    throw error;
  }
}

async function started(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`it ended with status ${code} before it was ready`);
  });
  if (child.stdout === null) throw new Error('it has no output');
  await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => {});
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
