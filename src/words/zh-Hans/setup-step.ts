import type { HostSettings } from '../../model/settings/settings.ts';
import { bareKey, type HostSetup, type Step } from '../host-setup.ts';
import { shellWord } from '../setup-words.ts';

/** `options` as sshd(8) has them, before the key. */
export function authorizedKey(
  { host, publicKey }: HostSetup,
  options: string,
  may = '可以登录并运行命令，但没有终端，也不能转发',
): Step {
  const user = shellWord(host.ssh.user);
  const line = `${options} ${publicKey ?? 'PUBLIC-KEY'}`;
  return [
    `在 ${host.name} 上以 root 身份：添加密钥，它${may}（替换其更早的行）`,
    `   home=$(getent passwd ${user} | cut -d: -f6)`,
    `   install -d -m 0700 -o ${user} -g "$(id -gn ${user})" "$home/.ssh"`,
    '   keys=$home/.ssh/authorized_keys',
    `   touch "$keys" && sed -i ${shellWord(String.raw`\|${bareKey(publicKey)}|d`)} "$keys"   # 否则使用同一密钥的更早的行会优先生效`,
    `   printf '%s\\n' ${shellWord(line)} >> "$keys"`,
    `   chown ${user} "$keys" && chmod 0600 "$keys"`,
    ...(publicKey === null ? [whereTheKeyIs(host)] : []),
  ];
}

function whereTheKeyIs({ ssh }: HostSettings): string {
  return ssh.identityFile === null
    ? '   PUBLIC-KEY 是 agent 中的那个公钥，KEY 是其中的第二个词。在机器人所在的机器上，用这条命令输出：ssh-add -L'
    : `   PUBLIC-KEY 是在机器人所在的机器上执行以下命令的输出，KEY 是其中的第二个词：ssh-keygen -y -f ${shellWord(ssh.identityFile)}`;
}
