import type { HostSettings } from '../../model/settings/settings.ts';
import { bareKey, type HostSetup, keygenCommand, type Step } from '../host-setup.ts';
import { keyOfBot, shellWord } from '../setup-words.ts';

/** `options` as sshd(8) has them, before the key. Without the key nothing is printed that could be pasted. */
export function authorizedKey(
  { host, publicKey }: HostSetup,
  options: string,
  may = 'may log in and run commands; it gets no terminal and no forwarding',
): Step {
  const title = `On ${host.name}, as root: the key ${may} (replaces its older line)`;
  const bare = publicKey === null ? null : bareKey(publicKey);
  if (bare !== null) return [title, ...keyLines(host, `${options} ${publicKey}`, bare)];
  const { identityFile } = host.ssh;
  return [title, ...(identityFile === null ? agentLines(host, options) : [NEEDS_KEY])];
}

/** `line`: the key with its options. `bare`: the key itself. */
function keyLines({ ssh }: HostSettings, line: string, bare: string): readonly string[] {
  const user = shellWord(ssh.user);
  return [
    `   home=$(getent passwd ${user} | cut -d: -f6)`,
    `   install -d -m 0700 -o ${user} -g "$(id -gn ${user})" "$home/.ssh"`,
    '   keys=$home/.ssh/authorized_keys',
    `   touch "$keys" && sed -i ${shellWord(String.raw`\|${bare}|d`)} "$keys"   # an older line with this key would win`,
    `   printf '%s\\n' ${shellWord(line)} >> "$keys"`,
    `   chown ${user} "$home/.ssh" "$keys" && chmod 0600 "$keys"`,
  ];
}

function agentLines({ ssh }: HostSettings, options: string): readonly string[] {
  return [
    `   Put this line into .ssh/authorized_keys in the home directory of ${ssh.user}, and remove older lines with this key:`,
    `   ${options} PUBLIC-KEY`,
    '   PUBLIC-KEY is the one that the agent holds; on the bot’s machine, this prints it: ssh-add -L',
  ];
}

/** The first step, if a later one needs the public key of one of these files. */
export function makeKeys(files: readonly string[]): readonly Step[] {
  if (files.length === 0) return [];
  return [
    [
      'On the bot’s machine, as root: make the keys that are missing',
      ...files.flatMap((file) => [
        `   ${keygenCommand(file)}`,
        `   ${keyOfBot(file)}`,
        `   Only its .pub file is missing? ssh-keygen -y -f ${shellWord(file)} > ${shellWord(`${file}.pub`)}`,
      ]),
      '   Then run this command again: it prints the other steps with the keys.',
    ],
  ];
}

/** For a step that needs a key that is not there. */
export const NEEDS_KEY = '   First make the key of step 1.';
