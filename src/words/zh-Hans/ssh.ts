import type {
  KnownKey,
  OfferedKey,
  OneSshProblem,
  ShownKey,
  SshDetail,
  SshPlace,
  SshProblem,
} from '../../model/connection/ssh-problem.ts';
import type { KeyProblem } from '../../model/key-problem.ts';
import { isDenied } from '../../model/system-problem.ts';
import { withoutStop } from '../from-host.ts';
import { fingerprintCommand, keyscanCommand } from '../host-setup.ts';
import { octal } from '../mode.ts';
import { sentences } from '../sentences.ts';
import { keyOfBot, readableByBot, shellWord } from '../setup-words.ts';
import { systemClause } from './system-error.ts';
import { duration } from './time.ts';

/** Why a host could not be reached or entered, or what went wrong with a script there: a few sentences that end with what to do. */
export function sshProblem(problem: SshProblem): string {
  if (problem.code !== 'at-jump-host') return oneProblem(problem);
  return `途经跳板机 ${place(problem.jump)} 时：${oneProblem(problem.problem)}`;
}

/** What an SSH server and its client choose together (sshd_config(5)), and one that the bot knows. */
const COMMON = {
  'key-exchange': { name: '密钥交换算法', key: 'KexAlgorithms', known: 'curve25519-sha256' },
  cipher: { name: '加密算法', key: 'Ciphers', known: 'aes256-gcm@openssh.com' },
  mac: { name: '消息认证码（MAC）', key: 'MACs', known: 'hmac-sha2-256-etm@openssh.com' },
} as const;

const oneProblem = sentences<OneSshProblem>({
  // Reaching the host.
  'connection-refused': ({ at }) =>
    `${place(at)} 拒绝连接。未执行任何操作。请检查该主机上的 sshd 是否在运行，以及配置中的地址和端口是否正确；可在机器人所在的机器上测试：\`${keyscanCommand(at)}\`。`,
  'connect-timed-out': ({ at, timeoutMs }) =>
    `${place(at)} 在 ${duration(timeoutMs)}内没有响应。未执行任何操作。请检查主机是否已开机，途中是否有防火墙阻拦；可在机器人所在的机器上测试：\`${keyscanCommand(at)}\`。`,
  'name-not-resolved': ({ at }) =>
    `无法解析名称 ${at.address}。未执行任何操作。请检查配置中的主机地址，以及机器人所在机器的 DNS。`,
  'connect-failed': ({ at, error }) =>
    `无法连接到 ${place(at)}：${systemClause(error)}。未执行任何操作。请检查网络；可在机器人所在的机器上测试：\`${keyscanCommand(at)}\`。`,
  'handshake-timed-out': ({ at, timeoutMs }) =>
    `${place(at)} 已接受连接，但登录未能在 ${duration(timeoutMs)}内完成。未执行任何操作。请检查它是否是 SSH 服务器，是否负载过高。`,
  'handshake-failed': ({ at, detail }) =>
    `${place(at)} 已接受连接，但 SSH 登录中断：${clause(detail)}。未执行任何操作。请检查它是否是 SSH 服务器，并查看其日志。`,
  'nothing-in-common': ({ at, kind }) =>
    `${place(at)} 没有提供 Registry Doctor 支持的${COMMON[kind].name}。未执行任何操作。请在其 sshd_config 的 ${COMMON[kind].key} 中加入 ${COMMON[kind].known}。`,
  'session-refused': ({ at, detail }) =>
    `${place(at)} 已允许 ${at.user} 登录，但未打开会话：${clause(detail)}。未执行任何操作。请检查其 sshd_config 中的 MaxSessions 和 ForceCommand。`,
  'lost-before-start': ({ at, detail }) =>
    `到 ${place(at)} 的连接在脚本发送之前断开：${clause(detail)}。未执行任何操作。请重试。`,
  'not-forwarded': ({ next, detail }) =>
    `它未能转发到 ${place(next)}：${clause(detail)}。未执行任何操作。请检查它能否访问该地址，以及其 sshd_config 中的 AllowTcpForwarding 和 PermitOpen。`,
  'forwarding-forbidden': ({ at, to, detail }) =>
    `${place(at)} 上的 sshd 不允许转发到 ${to}：${clause(detail)}。未执行任何操作。如要允许，请在 authorized_keys 中该密钥的那一行加上 port-forwarding,permitopen="${to}"，并检查 sshd_config 中的 AllowTcpForwarding 和 PermitOpen。`,
  'forwarding-failed': ({ at, to, detail }) =>
    `${place(at)} 上的 sshd 未能连接到 ${to}：${clause(detail)}。未执行任何操作。请检查 Registry 是否在该地址上监听。`,
  'too-many-waiting': ({ waiting }) => `该主机已有 ${waiting} 个脚本在排队。未执行任何操作。请稍后重试。`,
  'no-session-left': ({ sessions, waitedMs }) =>
    `各机器人在该主机上共已有 ${sessions} 个会话，且在 ${duration(waitedMs)}内没有一个结束。未执行任何操作。请稍后重试。`,
  'shutting-down': () => 'Registry Doctor 正在关闭，不再接受新的任务。未执行任何操作。请在它恢复运行后重试。',
  // The host key.
  'known-hosts-unreadable': ({ file, error }) =>
    `无法读取 known_hosts 文件 ${file}：${systemClause(error)}。因无法核实主机的身份，未执行任何操作。${
      isDenied(error)
        ? `如果机器人的用户无法读取，请以 root 身份执行：\`${readableByBot(file)}\``
        : '请检查配置项 ssh.knownHosts；`registry-doctor host setup HOST` 会说明如何创建该文件'
    }。`,
  'host-key-unknown': ({ at, shown, file, name, ...notes }) =>
    `${place(at)} 的主机密钥未知：${file} 中没有 ${name} 的密钥。主机出示的密钥：${key(shown)}。${knownHostsNotes(notes)}未尝试登录，也未执行任何操作。请在主机自身的控制台上核对该指纹（\`${fingerprintCommand(shown.type)}\`）。一致时才能把密钥加入该文件：\`registry-doctor host setup HOST\` 会列出命令。`,
  'host-key-changed': ({ at, shown, known, file, name }) =>
    `${place(at)} 的主机密钥有变。主机出示的密钥：${key(shown)}；${file} 中的密钥：${known.map(knownKey).join('、')}。可能是主机重装过系统，也可能是别的机器在冒充它。未尝试登录，也未执行任何操作。请在主机自身的控制台上核对指纹（\`${fingerprintCommand(shown.type)}\`）。一致时才能更换密钥：先执行 \`ssh-keygen -f ${shellWord(file)} -R ${shellWord(name)}\`，再按 \`registry-doctor host setup HOST\` 列出的命令加入新密钥。`,
  'host-key-revoked': ({ at, shown, file, line }) =>
    `${place(at)} 出示的主机密钥已被吊销（${file} 第 ${line} 行）：${key(shown)}。未尝试登录，也未执行任何操作。请查明吊销的原因，并为主机更换新密钥。`,
  // Logging in.
  'key-unusable': (problem) => loginKeyProblem(problem.key),
  'no-key': () =>
    '配置中没有这台主机的 identityFile，也没有 ssh-agent（SSH_AUTH_SOCK 未设置）。未执行任何操作。请设置其中之一。',
  'agent-failed': ({ socket, said }) =>
    `${socket} 处的 ssh-agent 不可用：“${withoutStop(said)}”。未执行任何操作。请检查它是否在运行，以及 SSH_AUTH_SOCK 是否正确。`,
  'key-refused': ({ at, offered }) =>
    `${place(at)} 不允许 ${at.user} 用${offer(offered)}登录。未执行任何操作。请检查主机上是否有该账号及其登录 shell、其 authorized_keys 中是否有该公钥，以及 sshd 是否允许它登录：\`registry-doctor host setup HOST\` 会输出创建账号和添加密钥的命令。`,
  'login-ended': ({ at, offered, said }) =>
    `${place(at)} 中止 ${at.user} 用${offer(offered)}的登录：“${withoutStop(said)}”。未执行任何操作。原因之一是 agent 中的密钥过多：请用 identityFile 指定一个密钥。`,
  'key-not-enough': ({ at, offered, wanted }) =>
    `${place(at)} 接受 ${at.user} 用${offer(offered)}登录，但还要求：${wanted}。Registry Doctor 只用密钥登录。未执行任何操作。请为该账号放宽 AuthenticationMethods。`,
  // Results of a script.
  'connection-lost': ({ detail }) => `脚本运行期间连接断开：${clause(detail)}。执行到哪一步，未知。`,
  'ended-by-signal': ({ signal }) => `脚本在主机上被信号 ${signal} 终止。执行到哪一步，未知。`,
  'ended-without-status': () => '会话结束，但没有退出码。脚本执行到哪一步，未知。',
  'too-much-output': ({ limitBytes }) =>
    `脚本的输出超过 ${limitBytes} 字节仍未停止，因此已结束其会话。执行到哪一步，未知。`,
});

const loginKeyProblem = sentences<KeyProblem>({
  unreadable: ({ file, error }) =>
    `无法读取私钥 ${file}：${systemClause(error)}。未执行任何操作。${
      isDenied(error)
        ? `如果这是机器人自己的密钥，请以 root 身份执行：\`${keyOfBot(file)}\``
        : '请检查配置项 identityFile，以及机器人的用户能否读取该文件'
    }。`,
  'passphrase-unreadable': ({ file, error }) =>
    `无法读取口令文件 ${file}：${systemClause(error)}。未执行任何操作。请检查配置项 passphraseFile，以及机器人的用户能否读取该文件。`,
  encrypted: ({ file }) =>
    `私钥 ${file} 有口令保护，但未配置口令。未执行任何操作。请在配置中的 identityFile 旁设置 passphraseFile，或设置环境变量 SSH_KEY_PASSPHRASE；也可以把密钥加载到 ssh-agent，并删除 identityFile。`,
  'passphrase-wrong': ({ file }) =>
    `口令无法解开私钥 ${file}。未执行任何操作。请检查配置项 passphraseFile；如果没有设置，请检查环境变量 SSH_KEY_PASSPHRASE。`,
  'not-a-key': ({ file }) =>
    `${file} 不是可用的私钥。未执行任何操作。请检查配置项 identityFile：它必须是私钥（Ed25519、ECDSA 或 RSA），而不是 .pub 文件。`,
  'open-to-others': ({ file, mode }) =>
    `其他账号可以读取私钥 ${file}（权限位 ${octal(mode)}）。未执行任何操作。请运行 \`chmod 600 ${shellWord(file)}\`；如果可能有人复制过该密钥，请更换密钥。ssh 也会拒绝这样的密钥。`,
});

const clause = sentences<SshDetail>({
  closed: () => '对方关闭连接',
  'no-host-key': () => '对方未出示主机密钥',
  'no-answer': ({ timeoutMs }) => `${duration(timeoutMs)}内没有响应`,
  said: ({ said }) => `“${withoutStop(said)}”`,
});

function place({ address, port }: SshPlace): string {
  return `${address} 端口 ${port}`;
}

/** For the middle of a sentence: it ends in Chinese or with a bracket. */
function offer(offered: OfferedKey): string {
  return offered.kind === 'key-file' ? `密钥（${offered.file}）` : ` ssh-agent（${offered.socket}）中的任何密钥`;
}

function key({ type, fingerprint }: ShownKey): string {
  return type === null ? `${fingerprint}（类型未知）` : `${type} ${fingerprint}`;
}

function knownKey(known: KnownKey): string {
  return `第 ${known.line} 行的 ${key(known)}`;
}

/** How many lines of a file are named. */
const MAX_LINES = 5;

function knownHostsNotes({
  certificateAuthority,
  malformedLines,
}: Readonly<{ certificateAuthority: boolean; malformedLines: readonly number[] }>): string {
  const authority = certificateAuthority ? '有一行 @cert-authority 与之匹配，但不支持主机证书：需要的是普通密钥。' : '';
  if (malformedLines.length === 0) return authority;
  const more = malformedLines.length > MAX_LINES ? '…' : '';
  return `${authority}其中无法解析的行：${malformedLines.slice(0, MAX_LINES).join('、')}${more}。`;
}
