import type { NoAnswer, SudoProblem } from '../../model/connection/no-answer.ts';
import type { ConnectionFindingId, FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { code, type Phrase, say, withCode } from '../phrase.ts';
import { forHost } from '../setup-words.ts';
import { withStop } from './full-stop.ts';
import { noAnswer } from './no-answer.ts';
import { sudoAdvice } from './sudo-advice.ts';

type ConnectionFinding = FindingOf<ConnectionFindingId>;

/** Words for what went wrong before there was anything to judge. The reason itself says what was not done. */
export const CONNECTION_WORDS = {
  'login-key-unusable': {
    headline: '我的 SSH 密钥无法使用',
    words: connection(
      (host) => say`未检查 ${host}：Registry Doctor 的 SSH 密钥无法使用`,
      (host) => say`请在机器人所在的机器上修复，${host} 上无需任何改动。然后重新诊断。`,
    ),
  },
  'host-unreachable': {
    headline: '主机无法连接',
    // How to check it is said with the reason, which knows the address.
    words: connection(
      (host) => say`主机 ${host} 无法连接`,
      () => say`先修复连接，然后重新诊断。`,
    ),
  },
  'host-key-mismatch': {
    headline: '无法验证 SSH 主机密钥，因此未连接',
    words: connection(
      (host) => say`无法验证 ${host} 的主机密钥`,
      (host) =>
        say`如果 known hosts 文件中还没有这台主机的密钥，${code(`registry-doctor host setup ${host}`)} 会列出操作步骤。如果其中的密钥与主机不同，请停下：先在主机自己的控制台上核对指纹。`,
    ),
  },
  'authentication-failed': {
    headline: 'SSH 登录失败',
    words: connection(
      (host) => say`${host} 拒绝 Registry Doctor 的 SSH 登录`,
      (host) =>
        say`把机器人的公钥加入该账号的 authorized_keys：${code(`registry-doctor host setup ${host}`)} 会打印要加入的那一行。`,
    ),
  },
  'sudo-refused': {
    headline: '主机拒绝执行 sudo',
    words: connection(
      (host) => say`${host} 拒绝执行 sudo`,
      (host, why) => withCode(`${sudoAdvice(sudoProblemIn(why), host)}，或设置 \`sudo: false\` 并接受不完整的诊断。`),
    ),
  },
  'guard-mismatch': {
    headline: '配置与主机在 guard 上不一致',
    words: connection(
      (host) => say`配置与 ${host} 在 guard 上不一致`,
      (host) =>
        say`如果要在主机上使用 guard：在配置中为 ${host} 设置 ${code('guard: {}')}，并设置 ${code('signing:')}，再按 ${code(`registry-doctor host setup ${host}`)} 的说明安装。如果不用：删除 ${code('guard:')}，再把 authorized_keys 中的那一行换成该命令此时打印的行。`,
    ),
  },
  'guard-refused': {
    headline: '主机上的 guard 拒绝运行',
    words: connection(
      (host) => say`${host} 上的 guard 拒绝运行`,
      (host) => say`未做任何修改。请在 ${host} 上改正，然后重新诊断。`,
    ),
  },
  'probe-timed-out': {
    headline: '检查超时',
    words: connection(
      (host) => say`${host} 未在规定时间内完成检查`,
      () => say`主机上有操作卡住，常见的是网络文件系统或有故障的磁盘：请检查它的负载和内核日志，然后重新诊断。`,
    ),
  },
  'probe-malformed': {
    headline: '主机返回的输出无法解析',
    words: connection(
      (host) => say`${host} 返回的输出无法解析`,
      (host, why) =>
        why.code === 'no-guard-began'
          ? say`运行的是别的程序，或登录被提前结束。请在 ${host} 上检查 sshd_config 中的 ForceCommand、该账号的登录 shell 及其启动文件。然后重新诊断。`
          : say`未做任何修改。主机的输出记录在 Registry Doctor 的日志中；常见原因是登录脚本有输出，或连接中断。请重新诊断。`,
    ),
  },
} satisfies Partial<WordsById>;

function sudoProblemIn(why: NoAnswer): SudoProblem {
  return why.code === 'sudo-refused' ? why.problem : 'not-allowed';
}

function connection(title: (host: string) => Phrase, remedy: (host: string, why: NoAnswer) => Phrase) {
  return ({ why }: ConnectionFinding, { host }: FindingContext): FindingWords => ({
    title: title(host),
    because: withCode(forHost(withStop(noAnswer(why)), host)),
    remedy: remedy(host, why),
  });
}
