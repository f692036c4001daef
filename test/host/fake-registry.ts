import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { ScratchTree } from './scratch-tree.ts';

/** Named and called as a registry is, and otherwise idle; ends when its standard input does. With -p it stays who it was started as. */
const PROGRAM = '#!/bin/sh -p\necho ready\nread -r _\n';

export type FakeRegistry = { readonly pid: number; readonly stop: () => Promise<void> };

/**
 * A process that the probe takes for a registry, with any identity that setpriv can give it and any command line: for
 * what a real registry would only make slower.
 */
export async function startFakeRegistry(
  tree: ScratchTree,
  options: {
    readonly setpriv?: readonly string[];
    readonly args: readonly (string | Buffer)[];
    readonly cwd?: string;
    readonly env?: Record<string, string>;
    /** What the program is called; docker-registry when not given. */
    readonly name?: string;
  },
): Promise<FakeRegistry> {
  const program = tree.at(options.name ?? 'docker-registry').toString();
  writeFileSync(program, PROGRAM, { mode: 0o755 });
  // Node passes arguments as UTF-8; the shell rebuilds those that are not.
  const args = options.args
    .map((arg) => `"$(printf %b. '${octal(Buffer.from(arg))}')"`)
    .map((word, index) => `a${index}=${word}; a${index}=\${a${index}%.}`);
  const words = options.args.map((_, index) => `"$a${index}"`).join(' ');
  const start = `${args.join('\n')}\nexec setpriv ${(options.setpriv ?? []).join(' ')} -- '${program}' ${words}`;
  const child = spawn('/bin/sh', ['-c', start], {
    cwd: options.cwd ?? '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (child.stdout === null || child.pid === undefined) throw new Error('the process did not start');
  await once(child.stdout, 'data');
  return { pid: child.pid, stop: () => stop(child) };
}

function octal(bytes: Buffer): string {
  return [...bytes].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
