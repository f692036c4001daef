import { CommandWord } from '../../model/settings/command-word.ts';

/** After SIGTERM a script has this long to undo what it has half done; then it is killed. */
export const KILL_AFTER_SECONDS = 5;

const LONGEST_SECONDS = 86_400;

/**
 * What runs on the host. Nothing in it varies but the number of seconds, whether sudo is used, and the command by which
 * scripts enter another place on the host (HostSettings); the script comes over stdin. Single quotes and `exec` mean the same to every login shell (sh, fish, csh), so the rest can be plain sh.
 *
 * timeout(1) ends the script even when this side is gone. It runs *under* sudo, because an ordinary user cannot signal
 * what root runs. A host without it goes without: then only this side's own limit is left. sudo speaks English (LC_ALL),
 * so that its refusals can be told, and hands on no functions and shell options (sudoers(5), env_delete). Without it, nothing of the
 * login's environment goes further than here, because a bash takes programs out of it before the script's first line (bash(1), BASH_FUNC,
 * SHELLOPTS); but to a command that enters another place, which may need it (DOCKER_HOST, KUBECONFIG).
 *
 * @throws RangeError for a time, or a word of `enter`, that the config never holds
 */
export function remoteCommand(
  { sudo, enter }: { readonly sudo: boolean; readonly enter: readonly string[] },
  seconds: number,
): string {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_SECONDS) {
    throw new RangeError(`a script may run for 1 to ${LONGEST_SECONDS} whole seconds, not ${seconds}`);
  }
  const plain = enter.length === 0 ? '/usr/bin/env -i HOME="$HOME" PATH="$PATH" LC_ALL=C ' : '';
  const asRoot = sudo ? 'sudo -n ' : plain;
  const shell = [...enter.map(quoted), '/bin/sh -s'].join(' ');
  const limited = `exec ${asRoot}timeout -k ${KILL_AFTER_SECONDS} ${seconds} ${shell}`;
  const unlimited = `exec ${asRoot}${shell}`;
  return `exec /bin/sh -c 'LC_ALL=C; export LC_ALL; if command -v timeout >/dev/null 2>&1; then ${limited}; fi; ${unlimited}'`;
}

function quoted(word: string): string {
  if (!CommandWord.safeParse(word).success) throw new RangeError(`${JSON.stringify(word)} is no word of a command`);
  return `"${word}"`;
}

/**
 * Runs the installed guard, which ends by itself in time and reads its request from stdin. Where a forced command stands in
 * authorized_keys, that runs in place of this; it is the same.
 *
 * @throws RangeError for a path that the config never holds
 */
export function guardCommand({ sudo, path }: { readonly sudo: boolean; readonly path: string }): string {
  if (!/^(\/[A-Za-z0-9._-]+)+$/.test(path)) throw new RangeError(`${JSON.stringify(path)} is no path of a guard`);
  return `exec ${sudo ? `env LC_ALL=C sudo -n ${path}` : path}`;
}

/**
 * The script as it goes over stdin. A shell runs what it reads while it reads it, so a connection that breaks in the
 * middle would leave half a script done. Inside braces the shell has to see the last one before it runs the first
 * command: the script runs whole or not at all.
 */
export function wholeOrNothing(script: string): string {
  return `{ :\n${script}\n}\n`;
}
