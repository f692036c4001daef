import type { GuardSettings, HostSettings } from '../../model/settings/settings.ts';
import type { HostSetup, Step } from '../host-setup.ts';
import { guardKeyOptions, permittedAddresses, shellWord, sudoersInstalled } from '../setup-words.ts';
import { textList } from './list.ts';
import { authorizedKey, NEEDS_KEY } from './setup-step.ts';

/** The guard, the keys that it takes plans from, and the lines by which it is the only thing that runs. */
export function guardSteps(setup: HostSetup, guard: GuardSettings): readonly Step[] {
  const { host } = setup;
  const isRoot = host.ssh.user === 'root';
  const command = isRoot ? guard.path : `sudo -n ${guard.path}`;
  return [
    ...program(setup, guard),
    botSigner(setup, guard),
    permittedStorage(host, guard),
    ...(guard.approverSignature === 'high-risk' ? [approverSigners(host, guard)] : []),
    ...(isRoot ? [] : [sudoers(host, guard)]),
    authorizedKey(setup, guardKeyOptions(permittedAddresses(host), command), mayDo(host)),
  ];
}

function mayDo(host: HostSettings): string {
  const addresses = permittedAddresses(host);
  return addresses.length === 0 ? '只能运行 guard' : `只能运行 guard，以及为监控连接 ${textList(addresses)}`;
}

function directoryOf({ path }: GuardSettings): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function program({ host, guardDigest, program }: HostSetup, guard: GuardSettings): readonly Step[] {
  return [
    [
      `在机器人所在的机器上：把受控执行程序（guard）写入文件，它是 root 在 ${host.name} 上为 Registry Doctor 运行的唯一程序`,
      `   new=$(mktemp) && ${program} host guard > "$new" && echo "$new"`,
      `   把该文件以“guard”为名复制到 ${host.name}，然后：`,
      '   rm "$new"',
    ],
    [
      `在 ${host.name} 上该文件所在的目录中，以 root 身份：安装 guard`,
      `   install -d -m 0755 -o root -g root ${directoryOf(guard)}`,
      `   install -m 0755 -o root -g root guard ${guard.path}`,
      '   rm guard',
      `   sha256sum ${guard.path}`,
      `   输出必须是 ${guardDigest}`,
    ],
  ];
}

/** Who has an installed guard has a signing key: the config is refused without it. */
function botSigner({ host, signing }: HostSetup, guard: GuardSettings): Step {
  const title = `在 ${host.name} 上以 root 身份：guard 接受谁的方案`;
  if (signing === null) return [title];
  if (signing.publicKey === null) return [title, NEEDS_KEY];
  const [type = '', key = ''] = signing.publicKey.split(' ');
  const line = `registry-doctor namespaces="registry-doctor-plan" ${type} ${key}`;
  const file = `${directoryOf(guard)}/allowed_signers`;
  return [title, `   printf '%s\\n' ${shellWord(line)} > ${file}`, `   chown root:root ${file} && chmod 0644 ${file}`];
}

/** The value of rootdirectory as YAML has it, and as JSON in YAML, which is how GitLab writes it. */
const ROOT_DIRECTORY = String.raw`s/.*rootdirectory"\{0,1\}: *"\{0,1\}\([^",}]*\).*/\1/p`;

function permittedStorage({ name, registry }: HostSettings, guard: GuardSettings): Step {
  const file = `${directoryOf(guard)}/permitted_storage`;
  const root = `$(sed -n ${shellWord(ROOT_DIRECTORY)} ${shellWord(registry.config)})`;
  return [
    `在 ${name} 上以 root 身份：guard 接受针对哪个存储目录、以哪个账号执行的方案`,
    `   printf '%s %s\\n' ${shellWord(registry.serviceUser)} "${root}" > ${file}`,
    `   chown root:root ${file} && chmod 0644 ${file}`,
    `   cat ${file}`,
    '   输出必须是运行 Registry 的账号和镜像所在的目录，不对则请修正。目录写 Registry 自己使用的路径，途中有符号链接也无妨；',
    '   Registry 在容器中时，写主机上的路径。每多一个 Registry，就多写一行。',
    '   如果 Registry 运行时带有其账号没有的组，请把账号写成 UID:GID,GID。',
    '   如果方案涉及存储目录以外的文件（htpasswd、TLS 密钥、配置），每个文件要单独写一行；被拒绝时会说明是哪一行：',
    `   printf '%s file %s\\n' ${shellWord(registry.serviceUser)} /PATH/OF/THE/FILE >> ${file}`,
    '   把“file”换成“public-file”后，方案还可以让所有账号都能读取该文件。密钥和密码文件绝不能这样写。',
  ];
}

function approverSigners({ name }: HostSettings, guard: GuardSettings): Step {
  const file = `${directoryOf(guard)}/approver_signers`;
  return [
    `在 ${name} 上以 root 身份：高风险方案必须由谁用自己的密钥签名，每位审批人一行`,
    `   printf '%s\\n' 'NAME namespaces="registry-doctor-approval" PUBLIC-KEY' >> ${file}`,
    `   chown root:root ${file} && chmod 0644 ${file}`,
    '   NAME 是审计记录中对该审批人的称呼；PUBLIC-KEY 是其公钥（ed25519，硬件密钥用 ed25519-sk）。',
  ];
}

function sudoers({ name, ssh }: HostSettings, guard: GuardSettings): Step {
  return [
    `在 ${name} 上以 root 身份：免密码运行不带参数的 guard，不允许其他命令`,
    ...sudoersInstalled(ssh.user, `${guard.path} ""`),
    '   这会替换整个文件，包括试用模式含有“/bin/sh -s”的行。',
  ];
}

/** What each key allows in the wrong hands. */
export function guardAmounts(host: HostSettings, { approverSignature }: GuardSettings): string {
  const { name } = host;
  const addresses = permittedAddresses(host);
  const connects = addresses.length === 0 ? '' : `，以及连接该主机上的 ${textList(addresses)}`;
  const bot =
    approverSignature === 'high-risk'
      ? `如果还拿到签名密钥，就能在 ${name} 上运行低风险方案，但不能运行高风险方案：那需要审批人本人的密钥。`
      : `如果还拿到签名密钥，就能在 ${name} 上运行 guard 接受的一切方案：虽然不是 root shell，但可以放开存储路径及其下内容的权限，或改变其归属。`;
  return [
    `这意味着：任何拿到 SSH 密钥的人，都只能像机器人一样查看 ${name} 上的 Registry${connects}，不能做其他任何事。`,
    `${bot}请尽可能把这两个密钥放在不同的机器上。`,
  ].join('\n');
}
