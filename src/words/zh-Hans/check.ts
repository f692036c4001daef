import type { HostCheckName } from '../../model/host/host-check.ts';
import type { WitnessTrial } from '../../model/record/checkpoint.ts';
import type { HostName } from '../../model/record/ids.ts';
import type * as English from '../en/check.ts';
import { grouped } from '../moment.ts';
import type { NeverApproved } from '../never-approved.ts';

/** What `registry-doctor check` prints, but for what it says about Slack and an installed guard. */

export const CHECK_RESULTS: Record<keyof typeof English.CHECK_RESULTS, string> = {
  ok: '通过',
  failed: '失败',
  skipped: '跳过',
  note: '提示',
};

/** One check; `detail` is empty where there is nothing to add. */
export function checkLine(what: string, detail: string): string {
  return detail === '' ? what : `${what}：${detail}`;
}

export function configIsGood(file: string, hosts: number): string {
  return `${file}，${grouped(hosts)} 台主机`;
}

/** Root can do what the bot's user can't. `command`: how to check as that user. */
export function ranAsRootInsteadOf(user: string, command: string): string {
  return `本次以 root 身份运行。服务以 ${user} 的身份运行：请以该用户的身份检查（\`${command}\`）`;
}

export function neverApprovedOn(never: NeverApproved): string {
  const { host, risk, needed } = never;
  const plans = `${host} 的${RISKS[risk]}方案`;
  switch (never.why) {
    case 'no-one-named':
      return `没有人可以批准 ${plans}。请在 policy.approvers 中添加审批人`;
    case 'too-few-named':
      return `${plans}需要 ${grouped(needed)} 人批准，但 policy.approvers 中只有 ${never.named} 人。请添加审批人，或设置 approvalsNeeded.${risk}: ${never.named}`;
    case 'only-approvers-request':
      return `${plans}无法获得批准：需要 ${grouped(needed)} 人批准，除去发起人${areLeft(never.left)}，而只有审批人可以发起。请添加审批人或发起人，或设置 policy.allowSelfApproval: true`;
    case 'if-approver-requests':
      return `由审批人发起时，${plans}无法获得批准：需要 ${grouped(needed)} 人批准，除去发起人${areLeft(never.left)}。请添加审批人，或设置 policy.allowSelfApproval: true`;
  }
}

function areLeft(left: number): string {
  return left === 0 ? '没有其他人' : `只剩 ${grouped(left)} 人`;
}

const RISKS: Record<NeverApproved['risk'], string> = { any: '', low: '低风险', high: '高风险' };

/** Warnings of a watched host open no incident. Only deeper looks and the nightly look tell them. */
export function warningsUntold(watched: number): string {
  return `没有 fleetLook: 小节，且 watch.deepLookMinutes 为 0，因此 ${grouped(watched)} 台受监控主机上的警告不会通知任何人。证书即将到期或磁盘快满时不会创建故障。请设置 fleetLook.at，例如 "03:00"`;
}

/** What is checked of one host, in this order as far as it applies. */
const HOST_CHECKS = {
  key: 'SSH 密钥',
  'known-hosts': 'known_hosts 文件',
  reach: '网络连接',
  'host-key': '主机密钥',
  login: '登录',
  'forced-command': '强制命令',
  sudo: 'sudo',
  enter: '进入容器（enter）',
  guard: '受控执行程序（guard）',
  watch: '监控',
} as const satisfies Record<HostCheckName, string>;

export const CHECKS = {
  trying: '正在检查全部项目',
  config: '配置文件',
  user: '用户',
  policy: '审批策略',
  nightlyLook: '夜间检查',
  breakGlass: '应急通道（break glass）',
  breakGlassUnreadable: (file: string) => `无法读取 ${file}，因此 \`fix\` 会拒绝所有密钥`,
  breakGlassNoKey: (file: string) =>
    `${file} 中没有一行是可用于应急通道（break glass）的密钥，因此 \`fix\` 会拒绝所有密钥。格式示例：ann namespaces="registry-doctor-break-glass" ssh-ed25519 AAAA…`,
  environment: '环境变量',
  environmentGood: '必需的变量均已设置',
  record: '审计记录',
  noStore:
    '没有 store: 小节，因此 `serve` 无法启动。请设置 store.url，例如 sqlite:/var/lib/registry-doctor-bot/registry-doctor.db',
  noSlack: '没有 slack: 小节，因此可以使用 `diagnose`，不能使用 `serve`',
  slack: 'Slack',
  signing: '签名密钥',
  witness: '审计记录的见证方',
  noSignedCheckpoint: '无法签署检查点：请查看 signing.key',
  host: (host: HostName, what: HostCheckName) => `${host}：${HOST_CHECKS[what]}`,
  earlierFailed: '之前的检查失败',
} as const satisfies Record<keyof typeof English.CHECKS, unknown>;

/** "All checks passed" is said only where nothing failed and nothing was skipped. */
export function checkSummary({
  failed,
  skipped,
  notes,
}: Readonly<Record<'failed' | 'skipped' | 'notes', number>>): string {
  const noted = notes === 0 ? '' : `，${grouped(notes)} 条提示`;
  if (failed + skipped === 0) return `检查全部通过${noted}。`;
  const failures = failed === 0 ? '没有失败的检查' : `${grouped(failed)} 项失败`;
  return `${failures}${skipped === 0 ? '' : `，${grouped(skipped)} 项跳过`}${noted}。`;
}

export function witnessFound(url: string, trial: WitnessTrial): string {
  switch (trial.kind) {
    case 'cosigned':
      return trial.entries === 0 ? url : `${url}，已联署 ${grouped(trial.entries)} 条记录`;
    case 'ahead':
      return `${url} 已联署 ${grouped(trial.size)} 条记录，而审计记录只有 ${grouped(trial.entries)} 条。该审计记录是较旧的副本，或者见证方见到的是另一份审计记录。${COMPARE}如果缺少记录，请恢复最新的备份。`;
    case 'contradicted':
      return `${url} 已联署 ${grouped(trial.entries)} 条记录，而审计记录中相应位置是别的记录。该审计记录被改写过，或者见证方见到的是另一份审计记录。${COMPARE}如果审计记录被改动，请将其留作证据，并恢复备份。`;
    case 'not-as-signed':
      return `审计记录不是其最新检查点所签署的那一份，因此没有请 ${url} 联署。请运行 \`registry-doctor audit verify\`。`;
    case 'record-unread':
      return `${url} 已联署 ${grouped(trial.size)} 条记录。无法读取审计记录，因此无法比较，也没有检验 store.witness.key。请运行 \`registry-doctor audit verify\`。`;
    case 'not-cosigned':
      return `${url} 的回应中没有用其密钥作出的联署。请检查 store.witness.key。`;
    case 'no-answer':
      return `${url} 没有回应：${trial.said}。检查点照常保存，但没有它的联署。`;
    case 'refused':
      return `${url} 拒绝（HTTP 状态码 ${trial.status}）。${trial.status === 404 || trial.status === 403 ? TELL_THE_WITNESS : ''}检查点照常保存，但没有它的联署。`;
  }
}

const COMPARE = '请用保存在审计记录之外的检查点运行 `registry-doctor audit verify --checkpoint FILE`。';
const TELL_THE_WITNESS = '请将此日志（`registry-doctor audit key` 输出的那一行）告知见证方，或检查 store.witness.url。';
