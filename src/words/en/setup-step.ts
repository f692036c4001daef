import type { HostSettings } from '../../model/settings.ts';
import { shellWord } from './setup-words.ts';

export type HostSetup = {
  readonly host: HostSettings;
  /** As it stands in its .pub file; null when there is none beside the private key. */
  readonly publicKey: string | null;
  /** The key that plans are signed with; null: none is configured. */
  readonly signing: { readonly file: string; readonly publicKey: string | null } | null;
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
    `On ${host.name}, as root: the key ${may}`,
    `   home=$(getent passwd ${user} | cut -d: -f6)`,
    `   install -d -m 0700 -o ${user} -g "$(id -gn ${user})" "$home/.ssh"`,
    `   printf '%s\\n' ${shellWord(line)} >> "$home/.ssh/authorized_keys"`,
    `   chown ${user} "$home/.ssh/authorized_keys" && chmod 0600 "$home/.ssh/authorized_keys"`,
    ...(publicKey === null ? [whereTheKeyIs(host)] : []),
  ];
}

function whereTheKeyIs({ ssh }: HostSettings): string {
  return ssh.identityFile === null
    ? '   PUBLIC-KEY is the one that the agent holds. Where the bot runs, this prints it: ssh-add -L'
    : `   PUBLIC-KEY is what this prints, where the bot runs: ssh-keygen -y -f ${shellWord(ssh.identityFile)}`;
}
