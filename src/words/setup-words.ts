import type { HostSettings } from '../model/settings/settings.ts';

const BARE = /^[A-Za-z0-9_/.:@%+-]+$/;

/** A word for a shell, in single quotes where it needs them. */
export function shellWord(text: string): string {
  return BARE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A user's name in sudoers(5), where these have a meaning. */
export function sudoersWord(text: string): string {
  return text.replace(/[\\,:=!"@ ()#%]/g, '\\$&');
}

/** The same for an argument of a command, where wildcards have a meaning too. */
export function sudoersArgument(text: string): string {
  return sudoersWord(text).replace(/[*?[\]]/g, '\\$&');
}

/**
 * The commands that the bot runs by sudo, as sudoers(5) has them. They match what it runs (src/ssh/run/remote-command.ts)
 * word for word, except for the number of seconds. Each digit is a class of its own, because `*` matches blanks as well,
 * and so another command. With `enter:` only the form with timeout(1) is allowed, because sudoers(5) needs absolute paths.
 */
export function sudoersCommands(enter: readonly string[]): string {
  const shell = [...enter.map(sudoersArgument), '/bin/sh -s'].join(' ');
  const timed = ['[0-9]', '[0-9][0-9]', '[0-9][0-9][0-9]'].map((digits) => `/usr/bin/timeout -k 5 ${digits} ${shell}`);
  return [...timed, ...(enter.length > 0 ? [] : [shell])].join(', ');
}

/** Where a registry listens if its settings don't say it (distribution, configuration.md). */
const DEFAULT_URL = 'http://127.0.0.1:5000';

/**
 * The addresses on a watched host that its key may connect to, as permitopen of sshd(8) has them. Of a host that is not
 * watched: none.
 */
export function permittedAddresses({ watch, registry }: HostSettings): readonly string[] {
  if (watch === null) return [];
  const urls = [registry.url ?? DEFAULT_URL, registry.debugUrl].filter((url) => url !== null);
  return [...new Set(urls.map(addressIn))];
}

function addressIn(text: string): string {
  const { hostname, port, protocol } = new URL(text);
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}

/** The options of the key of an installed guard (sshd(8)): it runs `command`, and connects to these addresses. */
export function guardKeyOptions(addresses: readonly string[], command: string): string {
  const opens = addresses.map((address) => `permitopen="${address}"`);
  const forwarding = opens.length === 0 ? [] : ['port-forwarding', ...opens];
  return ['restrict', ...forwarding, `command="${command}"`].join(',');
}

/** Advice that was written where the host is not known. */
export function forHost(text: string, host: string): string {
  return text.replaceAll('host setup HOST', `host setup ${host}`);
}
