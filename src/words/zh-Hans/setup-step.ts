import type { HostSettings } from '../../model/settings/settings.ts';
import { bareKey, type HostSetup, keygenCommand, type Step } from '../host-setup.ts';
import { keyOfBot, shellWord } from '../setup-words.ts';

/** `options` as sshd(8) has them, before the key. Without the key nothing is printed that could be pasted. */
export function authorizedKey(
  { host, publicKey }: HostSetup,
  options: string,
  may = '可以登录并运行命令，但没有终端，也不能转发',
): Step {
  const title = `在 ${host.name} 上以 root 身份：添加密钥，它${may}（会替换此密钥原有的行）`;
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
    `   touch "$keys" && sed -i ${shellWord(String.raw`\|${bare}|d`)} "$keys"   # 否则使用同一密钥的更早的行会优先生效`,
    `   printf '%s\\n' ${shellWord(line)} >> "$keys"`,
    `   chown ${user} "$home/.ssh" "$keys" && chmod 0600 "$keys"`,
  ];
}

function agentLines({ ssh }: HostSettings, options: string): readonly string[] {
  return [
    `   把下面这一行写入 ${ssh.user} 主目录下的 .ssh/authorized_keys，并删除使用同一密钥的更早的行：`,
    `   ${options} PUBLIC-KEY`,
    '   PUBLIC-KEY 是 agent 中的那个公钥。在机器人所在的机器上，用这条命令输出：ssh-add -L',
  ];
}

/** The first step, if a later one needs the public key of one of these files. */
export function makeKeys(files: readonly string[]): readonly Step[] {
  if (files.length === 0) return [];
  return [
    [
      '在机器人所在的机器上以 root 身份：生成缺少的密钥',
      ...files.flatMap((file) => [
        `   ${keygenCommand(file)}`,
        `   ${keyOfBot(file)}`,
        `   如果只缺 .pub 文件：ssh-keygen -y -f ${shellWord(file)} > ${shellWord(`${file}.pub`)}`,
      ]),
      '   然后重新运行本命令，它会输出含有密钥的其他步骤。',
    ],
  ];
}

/** For a step that needs a key that is not there. */
export const NEEDS_KEY = '   请先完成第 1 步，生成密钥。';
