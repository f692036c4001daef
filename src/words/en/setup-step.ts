import type { HostSettings } from '../../model/settings/settings.ts';
import { shellWord } from './setup-words.ts';

export type HostSetup = {
  readonly host: HostSettings;
  /** As it stands in its .pub file; null when there is none beside the private key. */
  readonly publicKey: string | null;
  /** The key that plans are signed with; null: none is configured. */
  readonly signing: { readonly file: string; readonly publicKey: string | null } | null;
  /** How Registry Doctor is typed on the bot's machine. */
  readonly program: string;
  /** SHA-256 of the guard as this version prints it. */
  readonly guardDigest: string;
  readonly knownHosts: string;
  readonly configFile: string;
};

/** A heading, and the lines below it. */
export type Step = readonly [title: string, ...lines: string[]];

/** `options` as sshd(8) has them, before the key. */
export function authorizedKey(
  { host, publicKey }: HostSetup,
  options: string,
  may = 'may log in and run commands; it gets no terminal and no forwarding',
): Step {
  const user = shellWord(host.ssh.user);
  const line = `${options} ${publicKey ?? 'PUBLIC-KEY'}`;
  return [
    `On ${host.name}, as root: the key ${may} (replaces its older line)`,
    `   home=$(getent passwd ${user} | cut -d: -f6)`,
    `   install -d -m 0700 -o ${user} -g "$(id -gn ${user})" "$home/.ssh"`,
    '   keys=$home/.ssh/authorized_keys',
    `   touch "$keys" && sed -i ${shellWord(String.raw`\|${keyItself(publicKey)}|d`)} "$keys"   # an older line with this key would win`,
    `   printf '%s\\n' ${shellWord(line)} >> "$keys"`,
    `   chown ${user} "$keys" && chmod 0600 "$keys"`,
    ...(publicKey === null ? [whereTheKeyIs(host)] : []),
  ];
}

/** What two lines with the same key have in common: neither options nor comment. */
function keyItself(publicKey: string | null): string {
  return publicKey?.split(' ')[1] ?? 'KEY';
}

function whereTheKeyIs({ ssh }: HostSettings): string {
  return ssh.identityFile === null
    ? '   PUBLIC-KEY is the one that the agent holds; KEY is its second word. On the bot’s machine, this prints it: ssh-add -L'
    : `   PUBLIC-KEY is what this prints on the bot’s machine, and KEY is its second word: ssh-keygen -y -f ${shellWord(ssh.identityFile)}`;
}
