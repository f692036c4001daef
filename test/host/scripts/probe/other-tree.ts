import type { Shell } from '../../shells.ts';

/**
 * The same shell in a mount namespace of its own, where `setup` has run: there, places like /opt may be others, and all of it
 * is gone with the shell.
 */
export function elsewhere(shell: Shell, setup: string): Shell {
  const command = [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    `set -e\n{ ${setup}\n} </dev/null\nexec "$@"`,
  ];
  return { ...shell, command: [...command, 'sh', ...shell.command] };
}

/** Puts a copy of `source` in the place of a directory of this machine. */
export function instead(directory: string, source: string): string {
  return `mount -t tmpfs stand-in ${directory}\ncp -a '${source}/.' ${directory}/\n`;
}
