import type { EnvironmentExpectation } from '../model/settings/config-problem.ts';
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

const SUDOERS_FILE = '/etc/sudoers.d/registry-doctor';

/**
 * The commands that make the bot's file for sudo allow `user` these commands (`allowed`, as sudoers(5) has them) and no
 * other, and only if visudo accepts it. sudo reads no file with a dot in its name (sudoers(5)).
 */
export function sudoersInstalled(user: string, allowed: string): readonly string[] {
  const account = sudoersWord(user);
  const checked = `${SUDOERS_FILE}.new`;
  const lines = [
    `Defaults:${account} !requiretty, env_reset, secure_path="/usr/sbin:/usr/bin:/sbin:/bin"`,
    `${account} ALL=(root) NOPASSWD: ${allowed}`,
  ];
  return [
    `   printf '%s\\n' ${lines.map(shellWord).join(' ')} > ${checked}`,
    `   visudo -cf ${checked} && install -m 0440 -o root -g root ${checked} ${SUDOERS_FILE}`,
    `   rm ${checked}`,
  ];
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

/** The account of the bot and the file of its tokens, as README and docs/operations.md make them. */
const BOT_USER = 'registry-doctor';
const SLACK_ENV = '/etc/registry-doctor/slack.env';

/** Loads the Slack tokens into a shell. */
export const LOAD_SLACK_ENV = `set -a; . ${SLACK_ENV}; set +a`;

/** Whether a variable holds one of Slack's secrets, which slack.env has. */
export function isFromSlack({ kind }: EnvironmentExpectation): boolean {
  return kind === 'bot-token' || kind === 'app-token' || kind === 'signing-secret';
}

/** Lets the bot's user read a file that stays root's. */
export function readableByBot(file: string): string {
  return `chgrp ${BOT_USER} ${shellWord(file)} && chmod 0640 ${shellWord(file)}`;
}

/** Gives a private key to the bot's user; ssh refuses one that others can read. */
export function keyOfBot(file: string): string {
  return `chown ${BOT_USER} ${shellWord(file)} && chmod 0600 ${shellWord(file)}`;
}
