import type { HeldOutcome } from '../../model/record/held-plans.ts';
import type { CheckpointSource, RecordProblem, RecordWitness } from '../../model/record/record.ts';
import type { StoreProblem } from '../../model/record/store-problem.ts';
import type { UnreadableRow } from '../../model/record/unreadable-row.ts';
import { sentences } from '../sentences.ts';
import { shellWord } from '../setup-words.ts';
import { auditOutcome } from './audit-outcome.ts';
import { systemClause } from './system-error.ts';

/** Why the record cannot be used, what was not done, and what to do. */
export function storeUnavailable(problem: StoreProblem): string {
  return `${whatHappened(problem)}没有审计记录，就不会诊断、批准或修改任何内容。${whatToDo(problem)}`;
}

function whatHappened(problem: StoreProblem): string {
  switch (problem.kind) {
    case 'not-a-record-url':
      return `审计记录不能放在“${problem.url}”：它既不是“sqlite:”加路径，也不是 postgres:// 地址。`;
    case 'directory-missing':
      return `审计记录不能放在 ${problem.path}：目录 ${problem.directory} 不存在。`;
    case 'file-missing':
      return `${problem.path} 处没有审计记录。`;
    case 'not-a-file':
      return `审计记录不能放在 ${problem.path}：它不是文件。`;
    case 'not-writable':
      return `无法写入审计记录 ${problem.path}：${systemClause(problem.why)}。`;
    case 'of-another-user':
      return `未创建 ${problem.path}：当前以 root 身份运行，而目录 ${problem.directory} 属于 ${problem.user}，后者将无法写入 root 的文件。`;
    case 'not-a-database':
      return `文件 ${problem.path} 不是 SQLite 数据库。`;
    case 'damaged':
      return `数据库 ${problem.path} 已损坏：${systemClause(problem.why)}。`;
    case 'foreign-database':
      return `数据库 ${problem.path} 属于另一个程序。`;
    case 'schema-unknown':
      return `当前版本无法读取审计记录 ${problem.path}：${WRITTEN_BY[problem.by]}（其中有 ${problem.unknownMigrations.join('、')}）。`;
    case 'schema-older':
      return `审计记录 ${problem.path} 上次由更旧的版本使用。`;
    case 'disk-full':
      return `无法写入审计记录 ${problem.path}：所在磁盘已满。`;
    case 'locked':
      return `审计记录 ${problem.path} 被另一个进程锁定，已等待 ${problem.waitedMs / 1000} 秒。`;
    case 'no-write-ahead-log':
      return `审计记录不能放在 ${problem.path}：该处的文件系统不支持预写日志（WAL）。`;
    case 'file-replaced':
      return `审计记录 ${problem.path} 在使用期间被删除或替换。`;
    case 'check-stopped':
      return `未能校验审计记录 ${problem.path}：参与校验的一个线程提前结束（${systemClause(problem.why)}）。`;
    case 'failed':
      return `无法使用审计记录 ${problem.path}：${systemClause(problem.why)}。`;
    case 'server-unreachable':
      return `无法连接审计记录 ${problem.server}：${systemClause(problem.why)}。`;
    case 'login-refused':
      return `审计记录 ${problem.server} 拒绝登录：${systemClause(problem.why)}。`;
    case 'tls-failed':
      return `与审计记录 ${problem.server} 的连接没有受到保护：${systemClause(problem.why)}。`;
    case 'database-missing':
      return `${problem.server} 处没有审计记录：服务器上没有这个数据库。`;
    case 'not-granted':
      return `该账号对审计记录 ${problem.server} 的权限不足：${systemClause(problem.why)}。`;
    case 'server-slow':
      return `审计记录 ${problem.server} 没有及时应答：${systemClause(problem.why)}。`;
    case 'server-full':
      return `审计记录 ${problem.server} 的服务器不再接受新连接。`;
    case 'server-disk-full':
      return `无法写入审计记录 ${problem.server}：服务器的磁盘已满。`;
    case 'server-read-only':
      return `无法写入审计记录 ${problem.server}：服务器只允许读取，备用服务器就是如此。`;
    case 'bot-elsewhere':
      return `有机器人正在使用审计记录 ${problem.server}，或正在向该处复制审计记录。`;
    case 'out-of-touch':
      return `本机器人有数秒无法访问审计记录 ${problem.server}，其工作已由其他机器人接手。`;
    case 'older-copy':
      return `审计记录 ${problem.server} 是较旧的副本，或是另一份审计记录：其中没有本机器人见过的第 ${problem.entry} 条。`;
    case 'commit-unknown':
      return `记录一项变更时，与 ${problem.server} 的连接断开。未知：该变更是否已写入。`;
    case 'commits-not-durable':
      return `审计记录不能放在 ${problem.server}：该处的 ${problem.setting} 为 off，服务器确认过的内容可能因断电而丢失。`;
    case 'password-unreadable':
      return `无法读取密码文件 ${problem.path}：${systemClause(problem.why)}。`;
    case 'certificates-unreadable':
      return `无法读取 ${problem.path} 中的证书：${systemClause(problem.why)}。`;
  }
}

function whatToDo(problem: StoreProblem): string {
  switch (problem.kind) {
    case 'not-a-record-url':
      return '请设置 store.url，例如 sqlite:./registry-doctor.db 或 postgres://registry_doctor@db.example.com/registry_doctor，不要写入密码。';
    case 'directory-missing':
      return '请创建该目录，或修正 store.url。';
    case 'file-missing':
      return '请修正 store.url（相对路径以配置文件所在目录为起点），或先启动一次机器人。';
    case 'not-a-file':
    case 'not-a-database':
    case 'foreign-database':
      return '请把 store.url 指向专用的文件或数据库；文件不存在时会自动创建。';
    case 'not-writable':
      return '请让运行本程序的用户成为该文件的属主，并能写入其所在目录。';
    case 'of-another-user':
      return `请以 ${problem.user} 的身份运行：\`runuser -u ${shellWord(problem.user)} -- …\`。`;
    case 'damaged':
      return '请恢复最近一次完好的备份；已损坏的文件是证据，请保留。';
    case 'schema-unknown':
      return TO_DO_BY[problem.by];
    case 'schema-older':
      return '请启动一次当前版本的机器人，它会把审计记录升级到最新格式。';
    case 'disk-full':
      return '请腾出空间；机器人会自动继续，无需重启。';
    case 'locked':
      return '请结束另一个进程；一份审计记录只能由一个机器人使用。';
    case 'no-write-ahead-log':
      return '请把它放在本地磁盘上，不要放在网络文件系统上。';
    case 'file-replaced':
      return '请重启机器人，并查明是谁移动过该文件。';
    case 'check-stopped':
      return '请重新校验；如果内存不足，请先腾出更多内存。';
    case 'failed':
      return '请解决该问题后重启。';
    case 'server-unreachable':
      return '请检查 Postgres 是否在运行，以及 store.url 中的主机和端口。服务器恢复后，运行中的机器人会自动继续。';
    case 'login-refused':
      return '请检查 store.url 中的用户、store.passwordFile 或 PGPASSWORD，以及服务器上的 pg_hba.conf。';
    case 'tls-failed':
      return '请检查服务器的证书，以及 store.url 中的 sslmode 和 sslrootcert。';
    case 'database-missing':
      return '请用 `createdb` 创建它，或修正 store.url。';
    case 'not-granted':
      return '请让该账号成为数据库的属主，或授予 docs/operations.md 中列出的权限。';
    case 'server-slow':
      return '请查明是什么阻塞了服务器：`SELECT * FROM pg_stat_activity`。';
    case 'server-full':
      return '请调高 max_connections，或结束占用连接的程序。';
    case 'server-disk-full':
      return '请在服务器上腾出空间。有空间后，运行中的机器人会自动继续。';
    case 'server-read-only':
      return '请让 store.url 指向主服务器。';
    case 'bot-elsewhere':
      return '请结束使用该审计记录的机器人，或等待复制完成。如果某台机器已经不在，服务器会在半分钟内发现。';
    case 'out-of-touch':
      return '请在几秒后重试：它会自动重新加入其他机器人。';
    case 'older-copy':
      return '请让 store.url 指向含有该条目的数据库；指向后，运行中的机器人会自动继续。如果仍要使用当前数据库，请先对它运行 `registry-doctor audit verify`，再重启所有机器人。';
    case 'commit-unknown':
      return '请重试：任何操作都不会执行两次。';
    case 'commits-not-durable':
      return `请把它设为 on：\`ALTER SYSTEM SET ${problem.setting} = on\` 和 \`SELECT pg_reload_conf()\`；账号或数据库也可能有自己的值。`;
    case 'password-unreadable':
      return '请检查 store.passwordFile，并让运行本程序的用户能够读取它。';
    case 'certificates-unreadable':
      return '请检查 store.url 中的 sslrootcert。';
  }
}

type UnknownSchema = Extract<StoreProblem, { kind: 'schema-unknown' }>;

const WRITTEN_BY: Record<UnknownSchema['by'], string> = {
  'newer-version': '它由更新的版本写入',
  'development-version': '它由首次发布之前的版本写入',
  unknown: '当前版本不认识它的数据库结构',
};

const TO_DO_BY: Record<UnknownSchema['by'], string> = {
  'newer-version': '请运行写入它的版本，或更新的版本。',
  'development-version': '该文件是证据，请保留，并把 store.url 指向一个新文件。',
  unknown: '请检查 store.url，或运行写入它的版本。',
};

/** Why nothing can be added to, or read from, a record that is not intact. */
export function recordDamaged(problem: RecordProblem): string {
  return `${recordProblem(problem)}未写入记录，因此未做任何操作。请运行 \`registry-doctor audit verify\`，并恢复备份。`;
}

/** One thing that is wrong with the record, as a sentence. */
export function recordProblem(problem: RecordProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return `无法读取表 ${problem.table} 的行 ${problem.key}：${unreadableRow(problem.why)}。`;
    case 'changed':
      return `第 ${problem.sequence} 条记录被改动：内容与哈希不符。`;
    case 'missing':
      return `缺少${entries(problem.sequence, problem.through)}。`;
    case 'reordered':
      return `第 ${problem.sequence} 条记录的位置不对：写入时它是第 ${problem.writtenAs} 条。`;
    case 'chain-broken':
      return `第 ${problem.sequence} 条记录与前一条接不上：两条中至少有一条不是原件。`;
    case 'tail-missing':
      return `末尾缺少${entries(problem.last + 1, problem.writtenUpTo)}：${witnessName(problem.witness)}表明有第 ${problem.writtenUpTo} 条。`;
    case 'head-missing':
      return `缺少记录末尾的标记：最后一条是第 ${problem.last} 条，其后是否还有记录无从得知。`;
    case 'not-by-us':
      return `${entries(problem.sequence, problem.through)}不是由机器人写入的。`;
    case 'contradicted':
      return `第 ${problem.sequence} 条记录被替换：${witnessName(problem.witness)}中是另一个哈希。`;
    case 'rewritten':
      return `${rewritten(problem.after, problem.through)}被替换：${keptIn(problem.source)}覆盖 ${problem.through} 条记录的检查点是对另外的记录签署的。`;
    case 'checkpoint-unreadable':
      return `无法读取${keptIn(problem.source)}${aCheckpoint(problem.size)}：它不是已签名的格式。`;
    case 'checkpoint-size-differs':
      return `覆盖 ${problem.noted} 条记录的检查点，在审计记录中被标为覆盖 ${problem.size} 条记录。`;
    case 'checkpoint-not-signed':
      return `${keptIn(problem.source)}覆盖 ${problem.size} 条记录的检查点不是用本审计记录的密钥签署的。`;
    case 'plan-changed':
      return `方案 ${problem.planId} 被改动：它不是当初写入记录的方案。`;
    case 'row-disagrees':
      return `方案 ${problem.planId}：数据表中的${ABOUT[problem.about]}与各条记录所述不符。`;
    case 'incident-changed':
      return `事件 ${problem.incidentId}：数据表中的内容与第 ${problem.sequence} 条记录开启的事件不符。`;
    case 'incident-missing':
      return `缺少事件 ${problem.incidentId}：第 ${problem.sequence} 条记录开启了它。`;
    case 'incident-never-opened':
      return `数据表中有事件 ${problem.incidentId}，但没有任何记录开启过它：它是伪造的。`;
    case 'body-disagrees':
      return `第 ${problem.sequence} 条记录：数据表中的${BODIES[problem.about]}不是当初写入记录的内容。`;
    case 'value-changed':
      return `条目 ${problem.sequence}：${FIELDS[problem.field] ?? problem.field}与记录时不同。`;
    case 'value-missing':
      return `条目 ${problem.sequence}：缺少${FIELDS[problem.field] ?? problem.field}，也没有条目说明它已被抹去。`;
    case 'plan-missing':
      return `缺少方案 ${problem.planId}：第 ${problem.sequence} 条记录提到它。`;
    case 'post-missing':
      return `Slack 中已没有${about(problem)}的帖子。`;
    case 'post-edited':
      return `Slack 中${about(problem)}的帖子（${problem.ts}）与机器人发布的内容不符：它被编辑过。`;
    case 'post-unknown':
      return `机器人的账号在频道 ${problem.channel} 发布过审计记录中没有的内容（${problem.ts}）。`;
    case 'host-plan-unknown':
      return `${problem.host} 上执行过一个没有任何记录提到的方案：${problem.planHash}，${heldOutcome(problem.outcome)}。`;
    case 'host-outcome-differs':
      return `方案 ${problem.planId}：第 ${problem.sequence} 条记录所述的结果与 ${problem.host} 上保存的（${heldOutcome(problem.outcome)}）不符。`;
    case 'host-outcome-unrecorded':
      return `方案 ${problem.planId} 在 ${problem.host} 上执行过（${heldOutcome(problem.outcome)}），但没有任何记录说它执行过。`;
    case 'host-plan-missing':
      return `方案 ${problem.planId}：第 ${problem.sequence} 条记录说它在 ${problem.host} 上执行过，但该主机上没有它的任何痕迹。`;
  }
}

function about({ key, sequence }: { readonly key: string; readonly sequence: number | null }): string {
  return sequence === null ? `消息 ${key} ` : `第 ${sequence} 条记录（消息 ${key}）`;
}

function heldOutcome(outcome: HeldOutcome): string {
  return outcome === null
    ? '在主机上尚未结束'
    : auditOutcome({ act: 'execution-finished', outcome: { kind: outcome } });
}

const ABOUT: Record<Extract<RecordProblem, { kind: 'row-disagrees' }>['about'], string> = {
  decisions: '评审（由谁决定、如何决定）',
  execution: '执行情况',
  state: '状态',
};

const BODIES: Record<Extract<RecordProblem, { kind: 'body-disagrees' }>['about'], string> = {
  diagnosis: '诊断',
  verification: '验证',
};

const FIELDS: Readonly<Record<string, string>> = {
  actor: '操作人',
  reason: '给出的理由',
  called: '被通知的人',
  signedWith: '签名所用的密钥',
  breakGlassSignature: '应急密钥的签名',
};

function witnessName(witness: RecordWitness): string {
  switch (witness.kind) {
    case 'head':
      return '记录末尾的标记';
    case 'message':
      return `消息 ${witness.key} `;
    case 'slack':
      return `Slack 中的帖子 ${witness.ts} `;
    case 'checkpoint':
      return `${keptIn(witness.source)}的检查点`;
  }
}

function keptIn(source: CheckpointSource): string {
  switch (source.kind) {
    case 'record':
      return '审计记录中';
    case 'file':
      return `${source.file} 中`;
    case 'slack':
      return 'Slack 中';
    case 'host':
      return `主机 ${source.host} 上`;
  }
}

function aCheckpoint(size: number | null): string {
  return size === null ? '的一个检查点' : `覆盖 ${size} 条记录的检查点`;
}

function rewritten(after: number, through: number): string {
  return after + 1 === through ? `第 ${through} 条记录` : `第 ${after + 1} 到 ${through} 条记录中有一条`;
}

function entries(from: number, through: number): string {
  return from === through ? `第 ${from} 条记录` : `第 ${from} 到 ${through} 条记录`;
}

const unreadableRow = sentences<UnreadableRow>({
  'not-json': () => '其中有不是 JSON 的内容',
  'columns-disagree': () => '各列与其中的方案不一致',
  'other-form': ({ field }) => (field === '' ? '不符合此类行的格式' : `字段 ${field} 的格式不对`),
});
