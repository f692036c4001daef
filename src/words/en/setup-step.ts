import type { HostSettings } from '../../model/settings/settings.ts';
import { bareKey, type HostSetup, type Step } from '../host-setup.ts';
import { shellWord } from '../setup-words.ts';

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
    `   touch "$keys" && sed -i ${shellWord(String.raw`\|${bareKey(publicKey)}|d`)} "$keys"   # an older line with this key would win`,
    `   printf '%s\\n' ${shellWord(line)} >> "$keys"`,
    `   chown ${user} "$keys" && chmod 0600 "$keys"`,
    ...(publicKey === null ? [whereTheKeyIs(host)] : []),
  ];
}

function whereTheKeyIs({ ssh }: HostSettings): string {
  return ssh.identityFile === null
    ? '   PUBLIC-KEY is the one that the agent holds; KEY is its second word. On the bot’s machine, this prints it: ssh-add -L'
    : `   PUBLIC-KEY is what this prints on the bot’s machine, and KEY is its second word: ssh-keygen -y -f ${shellWord(ssh.identityFile)}`;
}
