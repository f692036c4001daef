import type { NoAnswer } from '../../model/host/no-answer.ts';
import { sentences } from '../sentences.ts';
import { visibleText } from '../visible-text.ts';
import { guardReason } from './guard-reasons.ts';
import { sshProblem } from './ssh.ts';
import { duration } from './time.ts';

/** Why a host gave no answer that can be used: a clause, or the sentences of what went wrong with the connection. */
export function noAnswer(reason: NoAnswer): string {
  return visibleText(clause(reason));
}

const clause = sentences<NoAnswer>({
  ssh: ({ problem }) => sshProblem(problem),
  'sudo-refused': ({ said }) => `主机上的 sudo 拒绝运行任何命令${said === '' ? '' : `：${said}`}`,
  'guard-refused': ({ why }) => `主机上的 guard 不接受任何请求：${guardReason(why)}`,
  'timed-out': ({ timeoutMs }) => `${duration(timeoutMs)}内没有响应`,
  'too-long': () => '主机的输出超出一次响应的上限',
  'guard-failed': ({ exitCode, said }) => `guard 的退出码为 ${exitCode}${said === '' ? '' : `：${said}`}`,
  malformed: ({ detail }) => detail,
  'boot-unknown': () => '主机未说明当前是哪次启动',
  'bot-failed': ({ said }) => `机器人在处理时出错（${said}）`,
  'root-changed': () => '读取期间，Registry 配置中的存储根目录发生变化',
});
