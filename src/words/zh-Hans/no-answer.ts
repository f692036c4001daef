import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { OutputFault } from '../../model/connection/output-fault.ts';
import { sentences } from '../sentences.ts';
import { visibleText } from '../visible-text.ts';
import { guardReason } from './guard-reasons.ts';
import { sshProblem } from './ssh.ts';
import { duration } from './time.ts';

/** Why a host gave no answer that can be used: a clause, or the sentences of what went wrong with the connection. */
export function noAnswer(reason: NoAnswer): string {
  return visibleText(clause(reason));
}

/** What is wrong with the form of a host's output; parts are called by the guard's own names. */
const outputFault = sentences<OutputFault>({
  'not-begun': () => '没有找到 guard 响应的开头',
  cut: () => '响应被截断',
  'not-ended': () => '响应的结尾与开头不符',
  'out-of-order': ({ part }) => `响应中的“${part}”缺失或顺序不对`,
  unreadable: ({ part }) => (part === '' ? '响应无法解析' : `响应中的“${part}”无法解析`),
  missing: ({ part }) => `响应中缺少“${part}”`,
  repeated: ({ part }) => `响应中的“${part}”出现多次`,
  incomplete: ({ part }) => `响应中的“${part}”不完整`,
  unexpected: ({ part }) => `响应中的“${part}”出现在不应出现的位置`,
});

const clause = sentences<NoAnswer>({
  ssh: ({ problem }) => sshProblem(problem),
  'sudo-refused': ({ problem, said }) => {
    if (problem === 'missing') return '主机上没有 sudo';
    if (problem === 'wants-terminal') return '主机上的 sudo 在没有终端时不运行任何命令（requiretty）';
    return `主机上的 sudo 拒绝运行任何命令${said === '' ? '' : `：${said}`}`;
  },
  'guard-refused': ({ why }) => `主机上的 guard 不接受任何请求：${guardReason(why)}`,
  'guard-not-expected': () => '该密钥被强制只能运行已安装的 guard，但配置中这台主机没有“guard:”',
  'guard-not-installed': ({ path, said }) =>
    `配置中这台主机有“guard:”，但 ${path} 处的 guard 未能运行${said === '' ? '' : `：${said}`}`,
  'timed-out': ({ timeoutMs }) => `${duration(timeoutMs)}内没有响应`,
  'too-long': () => '主机的输出超出一次响应的上限',
  'guard-failed': ({ exitCode, said }) => `guard 的退出码为 ${exitCode}${said === '' ? '' : `：${said}`}`,
  malformed: ({ why }) => outputFault(why),
  'no-guard-began': ({ exitCode, said }) =>
    `guard 没有响应：登录以退出码 ${exitCode} 结束${said === '' ? '' : `，输出为“${said}”`}`,
  'boot-unknown': () => '主机未说明当前是哪次启动',
  'bot-failed': ({ said }) => `机器人在处理时出错（${said}）`,
  'root-changed': () => '读取期间，Registry 配置中的存储根目录发生变化',
});
