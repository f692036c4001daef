import type { GuardFileState } from '../../model/connection/guard-version.ts';
import type { SudoProblem } from '../../model/connection/no-answer.ts';
import type { GuardReason } from '../../model/plan/guard-reason.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { GuardSettings } from '../../model/settings/settings.ts';
import { withoutStop } from '../from-host.ts';
import { visibleText } from '../visible-text.ts';
import { guardReason } from './guard-reasons.ts';
import { planAdvice } from './plan-advice.ts';
import { sudoAdvice } from './sudo-advice.ts';

/** What `check` says of an installed guard: what is wrong, what follows, what to do. */

const MAX_LENGTH = 200;

export function guardInstalled({ path, approverSignature }: GuardSettings, digest: string): string {
  const approvers = approverSignature === 'high-risk' ? '；高风险方案还需要审批人本人的签名' : '';
  return `已安装在 ${path}，版本一致（sha256 ${digest.slice(0, 12)}…），只接受已签名的方案${approvers}`;
}

export function guardSudoRefused(host: HostName, problem: SudoProblem, said: string): string {
  return `${host} 上的 sudo 不允许登录用户以 root 身份运行 guard：${said}。${sudoAdvice(problem, host)}。`;
}

export function guardSilent(host: HostName, path: string, said: string): string {
  return `${host} 上的 guard（${path}）没有响应：${said}。在它响应之前，机器人无法检查或修复这台主机。请按 ${setup(host)} 的说明安装。如果已经安装，请检查该账号的登录 shell 及其启动文件。`;
}

export function guardNotInstalled(host: HostName, path: string): string {
  return `在 ${host} 上响应的程序不是文件 ${path}。请按 ${setup(host)} 的说明安装 guard。`;
}

/** The key gets a shell where it should get the guard: sshd(8) takes the first line of authorized_keys that has the key. */
export function keyRunsCommands(host: HostName, user: string): string {
  return `这个 SSH 密钥能以 ${user} 的身份在 ${host} 上运行任意命令，而不是只能运行 guard。authorized_keys 中生效的不是 guard 的那一行：前面还有使用同一密钥的旧行，或者尚未添加 guard 的那一行。请执行 ${setup(host)} 中添加密钥的步骤，它会替换旧行。`;
}

/** Neither the guard's refusal nor a command's output came back. */
export function loginUnclear(host: HostName): string {
  return `无法判断 ${host} 上的 SSH 密钥是否只能运行 guard。请检查 authorized_keys 中这个密钥是否只有一行，即 ${setup(host)} 输出的那一行，以及该账号的启动文件是否没有任何输出。`;
}

export function guardNotRoot(host: HostName, uid: number): string {
  return `${host} 上的 guard 是以 uid ${uid} 而不是 root 运行的，因此无法修复任何问题。authorized_keys 中的强制命令启动它时没有用 sudo。请把那一行替换为 ${setup(host)} 输出的那一行。`;
}

export function guardOfOtherVersion(host: HostName, found: string, expected: string): string {
  return `${host} 上的 guard 是另一个版本（sha256 ${found.slice(0, 12)}…，应为 ${expected.slice(0, 12)}…）。如果刚升级过机器人，请按 ${setup(host)} 的说明安装新版本；否则请查明是谁改动过它。`;
}

export function guardVersionUnknown(host: HostName): string {
  return `${host} 上的 guard 版本未知：该主机上没有 sha256sum。请在那里安装 coreutils。`;
}

const FILE_STATES: Record<GuardFileState, string> = {
  good: '没有问题',
  absent: '不存在',
  'open to others': '可以被 root 以外的账号修改',
  'no ssh-keygen': '无法使用，因为主机上没有 ssh-keygen',
};

export function guardFile(host: HostName, file: string, state: GuardFileState): string {
  return `${host} 上与 guard 同目录的 ${file} ${FILE_STATES[state]}，因此 guard 不接受任何方案。请按 ${setup(host)} 的说明创建。`;
}

export function guardCantRecord(host: HostName, because: GuardReason): string {
  return `${host} 上无法运行任何方案：${guardReason(because)}。${planAdvice(because, host)}。`;
}

export function guardWantsApprovers(host: HostName): string {
  return `${host} 上与 guard 同目录有 approver_signers，因此高风险方案要求审批人本人的签名，而配置中没有这样设置。请为这台主机把 guard.approverSignature 设为 high-risk，或删除主机上的那个文件。`;
}

export function endedWith(exitCode: number, stderr: string): string {
  const said = saidByHost(stderr);
  return said === '' ? `退出码为 ${exitCode}` : `退出码为 ${exitCode}：${said}`;
}

/** A host's own words, fit for a sentence. */
export function saidByHost(text: string): string {
  return withoutStop(visibleText(text.replace(/\s+/g, ' ').trim()).slice(0, MAX_LENGTH));
}

function setup(host: HostName): string {
  return `\`registry-doctor host setup ${host}\``;
}
