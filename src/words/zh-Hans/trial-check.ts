import type { TrialEnd, TrialNote } from '../../model/host/host-check.ts';
import { withoutStop } from '../from-host.ts';
import { sentences } from '../sentences.ts';
import { guardCantRecord } from './guard-check.ts';
import { sshProblem } from './ssh.ts';
import { sudoAdvice } from './sudo-advice.ts';
import { duration } from './time.ts';

/** What `registry-doctor check` says of a host without an installed guard. */
export const trialNote = sentences<TrialNote>({
  ssh: ({ problem }) => sshProblem(problem),
  'account-runs-nothing': ({ at, end }) =>
    `以 ${at.user} 登录成功，但该账号不能运行命令：${endClause(end)}。请检查其登录 shell（不能是 nologin）、启动文件和 ForceCommand。`,
  'sudo-refused': ({ host, at, problem, said }) =>
    `${at.address} 上的 sudo 不允许 ${at.user} 以 root 身份运行脚本：${withoutStop(said)}。${sudoAdvice(problem, host)}。`,
  'sudo-not-root': ({ host, at, end }) =>
    `${at.address} 上的 sudo 未使 ${at.user} 成为 root：${endClause(end)}。请安装 \`registry-doctor host setup ${host}\` 输出的 sudoers 规则。`,
  'guard-not-expected': ({ host }) =>
    `该密钥被强制只能运行已安装的 guard，但配置中没有为 ${host} 设置“guard:”。请在配置中为 ${host} 加上“guard: {}”，并加上“signing:”；或者把 authorized_keys 中的那一行换成 \`registry-doctor host setup ${host}\` 输出的行。`,
  'record-refused': ({ host, because }) => guardCantRecord(host, because),
  'entered-nothing': ({ enter, end }) =>
    `${enter.join(' ')} 未能运行 shell：${endClause(end)}。请检查容器是否在运行、是否有 /bin/sh，以及配置中的容器名称（enter）是否正确。`,
  'without-sudo': ({ user }) => `配置中设为“sudo: false”：机器人只能看到 ${user} 能看到的内容，并且无法修复任何问题`,
  'guard-over-stdin': ({ host, user, asRoot }) => {
    const power = asRoot
      ? `任何拿到 SSH 密钥的人都相当于 ${host} 上的 root`
      : `任何拿到 SSH 密钥的人都能在 ${host} 上做 ${user} 能做的一切`;
    return `未安装（试用模式）：${power}。如需安装，请在配置中为 ${host} 加上“guard: {}”，并加上“signing:”，然后按 \`registry-doctor host setup ${host}\` 的说明操作`;
  },
});

const endClause = sentences<TrialEnd>({
  exited: ({ exitCode, said }) => `退出码为 ${exitCode}${said === '' ? '' : `，${withoutStop(said)}`}`,
  'no-answer': ({ timeoutMs }) => `${duration(timeoutMs)}内没有响应`,
  ssh: ({ problem }) => withoutStop(sshProblem(problem)),
});
