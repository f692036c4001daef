import type { PlanDraft } from '../../model/plan/plan.ts';
import type { HostName, IncidentId } from '../../model/record/ids.ts';
import type * as English from '../en/cli.ts';
import { grouped } from '../moment.ts';
import { shellWord } from '../setup-words.ts';
import { textList } from './list.ts';

/** What the command line says; what it says about a diagnosis or the record is shared with the thread. */

export const DESCRIPTIONS: Readonly<Record<keyof typeof English.DESCRIPTIONS, string>> = {
  program: '查明容器镜像 Registry 为何无法使用存储目录，并在批准后修复。',
  serve: '运行 Slack 机器人',
  drain: '让以这份配置运行的机器人完成手头的工作并退出，并等待其结束',
  diagnose: '诊断主机（只读）',
  diagnoseExits: `
退出码：0 正常，1 异常，2 用法或配置错误，3 无法得出结论或主机不可达。`,
  check: '检查配置、SSH 访问、sudo 和 Slack',
  checkExits: `
退出码：0 没有失败的检查，1 有检查失败。`,
  health: '询问正在运行的机器人是否正常（用于容器的健康检查）',
  audit: '读取、验证和导出审计记录',
  auditList: '列出最近的记录',
  auditVerify: '验证每一条记录、哈希链和已签名的检查点',
  checkpointFile: '保存在别处的检查点文件，用来与审计记录对照',
  verifySlack: '与 Slack 消息列中显示的内容对照',
  verifyHost: '配置文件中的主机，用来与其上保存的方案和检查点对照',
  auditCheckpoint: '打印审计记录最新的已签名检查点，以便保存到别处',
  auditKey: '打印检查点的公钥，格式为其他验证工具所用',
  auditBackup: '在机器人运行时把审计记录复制到一个新文件，并验证副本',
  backupFile: '新文件',
  auditStream: '按顺序以 JSON 行打印条目，供 SIEM 使用（OCSF）',
  streamAfter: '只打印此序号之后的条目，用于继续之前的输出',
  streamFollow: '持续等待新条目，直到 Ctrl-C 或 SIGTERM',
  auditMigrate: '把审计记录从文件复制到配置中的 Postgres 数据库，并证明副本相同',
  migrateFrom: '要复制的审计记录，形式为 sqlite:PATH；不能有机器人正在使用它',
  auditErase: '从记录中抹去一个人，或某次故障中人们输入的内容；哈希链仍可验证',
  eraseIncident: '该次故障中所有可抹去的内容',
  erasePerson: '一个人：Slack 用户 ID（U…）、终端用户名，或 breakGlass.allowedSigners 中的名称',
  eraseYes: '执行抹去；没有此选项时，只说明将抹去什么',
  auditExport: '导出一次故障及其证明：方案、评审、执行、记录',
  exportFormat: 'Markdown、带图的 HTML、JSON，或不带证明的 OCSF 事件',
  exportSince: '改为导出此后有记录的所有故障（2026-11-01，或带时区的时间）',
  exportUntil: '并在此之前',
  documentArgument: '改为离线验证一份导出的文档，无需配置文件',
  documentKey: '验证所用的公钥：`audit key` 打印的那一行，或含有它的文件',
  host: '设置主机',
  hostSetup: '输出一台主机的设置步骤',
  fix: '应急通道（break glass）：不经 Slack 修复主机。需要理由和 SSH 密钥；一切都会写入记录',
  fixKey: '配置项 breakGlass.allowedSigners 中列出的密钥：私钥，或 agent、硬件中的密钥的公钥',
  fixExits: '\n退出码：0 已修复且正常，1 未修复，2 用法或配置错误，3 无法诊断主机。',
  hostGuard: '输出受控执行程序（guard）：主机上唯一以 root 身份运行的程序',
  sign: '以审批人身份审阅方案并签名（签名输出到标准输出）',
  signExits: `
退出码：0 已签名，1 未签名，2 用法错误或不是方案。`,
  planArgument: '含方案文本的文件，- 表示标准输入；或配合 --config 使用方案编号（142-1）',
  key: '你的私钥，或 ssh-agent 中某个密钥的 .pub 文件',
  signConfig: '写明审计记录位置的配置文件，用于按编号签署方案',
  signYes: '不经确认直接签名',
  playground: '运行演示：不需要 Slack，也不需要服务器',
  lang: '输出语言（默认依据 LC_ALL、LC_MESSAGES 或 LANG）',
  config: '配置文件',
  json: '输出一个 JSON 对象；其结构保持稳定',
  saveFacts: '把收集到的事实保存到文件',
  facts: '诊断已保存的事实，而不是主机',
  limit: '最多列出的条数',
  incident: '只列出该故障的记录',
  yes: '不询问直接批准',
  hostArgument: '配置文件中的主机名',
  incidentArgument: '故障编号',
};

export const USAGE: Readonly<Record<keyof typeof English.USAGE, string>> = {
  hostOrFacts: '错误：请指定 HOST，或用 --facts 提供已保存的事实',
  notBoth: '错误：--facts 不能与 HOST、--config 或 --save-facts 同时使用',
  configNeeded: '错误：缺少必需的选项“--config <file>”，例如 --config /etc/registry-doctor/config.yml',
  wholeNumber: '必须是大于或等于 1 的整数',
  moment: '应为日期或带时区的时间，例如 2026-11-01 或 2026-11-01T08:00:00Z',
  documentOnly: '错误：验证文档只能使用 --key 或 --config',
  incidentOrSince: '错误：请指定 INCIDENT，或用 --since 指定起始时间',
};

export function planHeading({ risk }: PlanDraft): string {
  return risk === 'low' ? '建议的修复（权限风险：低）' : '建议的修复（权限风险：高，请逐行审查）';
}

export const DRAFT_NOT_APPROVABLE = '未做任何修改。如需批准、执行并写入记录，请在 Slack 中发起同样的诊断。';

export function unknownHost(name: string, nearest: readonly HostName[], known: readonly HostName[]): string {
  if (nearest.length > 0) {
    return `配置中没有主机 ${quoted(name)}，你要找的是 ${textList(nearest.map(quoted), 'or')} 吗？`;
  }
  return `配置中没有主机 ${quoted(name)}。配置中的主机：${known.map(quoted).join('、')}。`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

export function lookingAt(host: HostName): string {
  return `正在检查 ${host}`;
}

export function factsSaved(file: string): string {
  return `事实已保存到 ${file}。用 \`registry-doctor diagnose --facts ${shellWord(file)}\` 可再次诊断。`;
}

export function noFactsToSave(file: string): string {
  return `没有可保存的事实：未写入 ${file}。`;
}

export function rawProbeSaved(file: string): string {
  return `没有可保存的事实，因为主机的输出无法解析。输出本身已保存在 ${file}。`;
}

export function fileNotWritten(file: string, why: string): string {
  return `无法写入 ${file}：${why}。`;
}

export function factsUnreadable(file: string, why: string): string {
  return `无法从 ${file} 读取事实：${why}。`;
}

export const FACTS_PROBLEMS = {
  tooLarge: (maxBytes: number) => `文件大于 ${maxBytes / 1024 / 1024} MiB`,
  notJson: '不是 JSON',
  notFacts: (place: string, why: string) => `${place === '' ? '' : `${place}：`}“${why}”`,
} as const satisfies Record<keyof typeof English.FACTS_PROBLEMS, unknown>;

// audit

export const AUDIT_HEADING = ['序号', '时间', '故障', '事项', '操作人', '方案', '结果'] as const;

export function slackUser(id: string): string {
  return `Slack 用户 ${id}`;
}

export const NO_ENTRIES = '没有记录。';

export function recordIntact(entries: number, last: string | null): string {
  if (last === null) return '审计记录完整：尚无记录。';
  return `审计记录完整：共 ${grouped(entries)} 条，最后一条是 ${last}。`;
}

export function recordCheckpointed(entries: number, isKeyKnown: boolean): string {
  if (entries === 0) return '没有已签名的检查点覆盖它：能写入该文件的人可以把它整个重写。';
  const covered = `检查点覆盖前 ${grouped(entries)} 条记录`;
  return isKeyKnown
    ? `${covered}，签名有效。`
    : `${covered}。签名未经验证：配置中没有签名密钥，或其 .pub 文件中没有 Ed25519 公钥。`;
}

export function checkpointsAgree(file: string, checkpoints: number): string {
  return `审计记录与 ${file} 中的 ${grouped(checkpoints)} 个检查点一致。`;
}

export function noCheckpointIn(file: string): string {
  return `${file} 中没有检查点。未做任何验证。请指定由 store.checkpoints 或 \`registry-doctor audit checkpoint\` 写出的文件。`;
}

export function checkpointsUnreadable(file: string, why: string): string {
  return `无法读取 ${file}：${why}。未做任何验证。`;
}

export const NO_CHECKPOINT =
  '审计记录没有检查点：请在配置文件中设置 signing.key。之后，机器人会在每次有新记录后的一分钟内签署一个检查点。';

export function noRecordKey(file: string | null): string {
  return file === null
    ? '没有密钥：请在配置文件中设置 signing.key。'
    : `${file}.pub 中没有 Ed25519 公钥。请这样生成：ssh-keygen -y -f ${shellWord(file)} > ${shellWord(`${file}.pub`)}`;
}

export function recordBroken(entries: number, problems: number): string {
  return `审计记录检查失败：${grouped(entries)} 条记录中有 ${grouped(problems)} 个问题。请原样保留该文件作为证据，并与 Slack 的消息列对照，其中有每条记录最初的序号和哈希。`;
}

export const NO_INCIDENT_THEN = '这段时间内没有任何故障的记录。';

export function unknownIncident(incident: IncidentId): string {
  return `审计记录中没有故障 ${incident}。`;
}

// serve

export function notStarted(why: string): string {
  return `机器人未启动：${why}`;
}

/** A bug, or a machine that is broken: no advice is possible, only what happened. */
export function unexpected(error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `registry-doctor：内部错误。请附上以下各行提交报告：\n${what}`;
}
