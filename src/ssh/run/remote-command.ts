import { RemoteCommandWord } from '../../model/settings/remote-command-word.ts';

/** How long a script can roll back after SIGTERM, before it is killed. */
export const KILL_AFTER_SECONDS = 5;

/** The sudoers lines of `host setup` (words/setup-words.ts) have up to three digits. */
const MAX_SECONDS = 999;

/**
 * The command that runs on the host. Only the number of seconds, sudo, and the enter command of the host's settings
 * vary in it. The script comes over stdin. Single quotes and `exec` mean the same to every login shell (sh, fish, csh),
 * so the rest can be plain sh.
 *
 * timeout(1) ends the script even when this side is gone. It runs *under* sudo, because an ordinary user cannot signal
 * what root runs. On a host without timeout(1), or with one that knows no -k (busybox before 1.34), only this side's own
 * limit is left.
 *
 * sudo speaks English (LC_ALL), so that its refusals can be recognized. It passes on no functions and shell options
 * (sudoers(5), env_delete). Without sudo, nothing of the login's environment is passed on, because bash takes programs
 * out of it before the script's first line (bash(1), BASH_FUNC, SHELLOPTS). The exception is an enter command, which
 * might need it (DOCKER_HOST, KUBECONFIG).
 *
 * @throws RangeError for a timeout, or a word of `enter`, that a valid config never has
 */
export function remoteCommand(
  { sudo, enter }: { readonly sudo: boolean; readonly enter: readonly string[] },
  seconds: number,
): string {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_SECONDS) {
    throw new RangeError(`a script may run for 1 to ${MAX_SECONDS} whole seconds, not ${seconds}`);
  }
  const plain = enter.length === 0 ? '/usr/bin/env -i HOME="$HOME" PATH="$PATH" LC_ALL=C ' : '';
  const asRoot = sudo ? 'sudo -n ' : plain;
  const shell = [...enter.map(quoted), '/bin/sh -s'].join(' ');
  const limited = `exec ${asRoot}timeout -k ${KILL_AFTER_SECONDS} ${seconds} ${shell}`;
  const unlimited = `exec ${asRoot}${shell}`;
  return `exec /bin/sh -c 'LC_ALL=C; export LC_ALL; if timeout -k ${KILL_AFTER_SECONDS} 9 true >/dev/null 2>&1; then ${limited}; fi; ${unlimited}'`;
}

function quoted(word: string): string {
  if (!RemoteCommandWord.safeParse(word).success)
    throw new RangeError(`${JSON.stringify(word)} is no word of a command`);
  return `"${word}"`;
}

/**
 * Runs the installed guard, which has its own time limit and reads its request from stdin. If authorized_keys has a
 * forced command, sshd runs that instead of this. It is the same.
 *
 * @throws RangeError for a path that a valid config never has
 */
export function guardCommand({ sudo, path }: { readonly sudo: boolean; readonly path: string }): string {
  if (!/^(\/[A-Za-z0-9._-]+)+$/.test(path)) throw new RangeError(`${JSON.stringify(path)} is no path of a guard`);
  return `exec ${sudo ? `env LC_ALL=C sudo -n ${path}` : path}`;
}

/**
 * The script in the form that goes over stdin. A shell runs its input while it reads it, so a connection that breaks in
 * the middle would leave half a script done. Inside braces the shell has to read the last one before it runs the first
 * command. So the script runs completely or not at all.
 */
export function asOneBlock(script: string): string {
  return `{ :\n${script}\n}\n`;
}
