import type {
  ConfigProblem,
  EnvironmentExpectation,
  Expectation,
  Found,
  SshConfigProblem,
} from '../../model/settings/config-problem.ts';
import { isFromSlack, LOAD_SLACK_ENV, readableByBot } from '../setup-words.ts';
import { systemClause } from './system-error.ts';

/** What is wrong with the config file or the environment, one line each: where, what was found, what is expected. */
export function configProblem(file: string, problem: ConfigProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return `${file}：${unreadable(file, problem)}`;
    case 'syntax':
      return `${file}:${problem.line}:${problem.column}：YAML 语法错误：“${problem.detail}”`;
    case 'not-supported':
      return `${file}:${problem.line}：${NOT_SUPPORTED[problem.what]}`;
    case 'unknown-key':
      return `${file}:${problem.line}：未知的配置项“${problem.key}”。${suggestion(problem.nearest)}此处可用的配置项：${problem.allowed.join('、')}`;
    case 'missing-key':
      return `${file}:${problem.line}：缺少“${problem.key}”；应为${expectation(problem.allowed)}`;
    case 'invalid':
      return `${file}:${problem.line}：“${problem.key}”的值是${found(problem.found)}；应为${expectation(problem.allowed)}`;
    case 'ssh-config':
      return `~/.ssh/config（主机 ${problem.host}）：${sshConfig(problem)}`;
    case 'call-too-late':
      return `${file}：主机 ${problem.host} 的“${problem.key}”的值是 ${problem.minutes}；应小于“approvalTtlMinutes”（${problem.ttlMinutes}），否则${CALL_LOST[problem.key]}`;
    case 'alert-token':
      return `${problem.file}：应为${variable(problem.allowed)}`;
    case 'alert-token-unreadable':
      return `无法读取告警令牌 ${problem.file}：${systemClause(problem.why)}`;
    case 'environment':
      return `环境变量：${environmentProblem(problem)}`;
  }
}

const CALL_LOST = {
  remindMinutes: '不会提醒任何人',
  escalateAfterMinutes: '不会通知“escalateTo”中的任何人',
} as const;

function sshConfig(problem: SshConfigProblem): string {
  switch (problem.what) {
    case 'unreadable':
      return `无法读取 ${problem.file}：${systemClause(problem.why)}`;
    case 'too-large':
      return `${problem.file} 大于 ${problem.maxBytes / 1024} KiB`;
    case 'include':
      return `Include 行嵌套超过 ${problem.max} 层`;
    case 'jumps':
      return `途中的跳板机超过 ${problem.max} 台，或形成循环`;
    case 'match':
      return `此处不能使用“${problem.text}”；Match 只支持 all、host、originalhost、user、localuser`;
    case 'proxy-command':
      return `不会执行“ProxyCommand ${problem.text}”；请改用 ProxyJump，或在 Registry Doctor 的配置中写明跳板机`;
    case 'value':
      return `不能使用“${problem.text}”；请写出完整的值，不要使用变量`;
  }
}

/** What is wrong with a variable; never its value, which is a secret. */
export function environmentProblem(problem: Extract<ConfigProblem, { kind: 'environment' }>): string {
  const expected = `应为${variable(problem.allowed)}`;
  if (problem.state !== 'missing') return `${problem.variable} 无效；${expected}`;
  const load = isFromSlack(problem.allowed) ? `。如果它在 slack.env 中，请先加载：\`${LOAD_SLACK_ENV}\`` : '';
  return `${problem.variable} 未设置；${expected}${load}`;
}

/** The line after the problems. */
export function configRefused(count: number): string {
  return count === 1 ? '未做任何操作。请修改后重试。' : `未做任何操作。请修改以上 ${count} 个问题后重试。`;
}

function unreadable(file: string, problem: Extract<ConfigProblem, { kind: 'unreadable' }>): string {
  switch (problem.why) {
    case 'missing':
      return '文件不存在';
    case 'not-permitted':
      return `当前运行的用户没有读取权限。如果这是机器人的用户，请以 root 身份执行：\`${readableByBot(file)}\``;
    case 'directory':
      return '这是目录，不是文件';
    case 'not-utf8':
      return '不是 UTF-8 文本';
    case 'empty':
      return '文件是空的。README.md 中有示例';
    case 'too-large':
      return `文件大于 ${problem.maxBytes / 1024} KiB，配置文件不会这么大`;
    case 'failed':
      return `“${problem.detail}”`;
  }
}

const NOT_SUPPORTED: Record<Extract<ConfigProblem, { kind: 'not-supported' }>['what'], string> = {
  alias: '此处不能使用别名（*name）；请直接写出值',
  anchor: '此处不能使用锚点（&name）；请在需要的地方直接写出值',
  tag: '此处不能使用标签（!name）；请删除',
  'proto-key': '此处不能使用配置项“__proto__”',
  'second-document': '此处开始第二个 YAML 文档；配置只能是一个文档，其中不能有“---”',
};

function suggestion(nearest: string | null): string {
  return nearest === null ? '' : `你要写的是“${nearest}”吗？`;
}

const MAX_SHOWN = 60;

function found(what: Found): string {
  if (what.kind !== 'text' && what.kind !== 'other') return FOUND[what.kind];
  const text = what.text.length > MAX_SHOWN ? `${what.text.slice(0, MAX_SHOWN)}…` : what.text;
  return what.kind === 'text' ? ` ${JSON.stringify(text)}` : ` ${text}`;
}

const FOUND = { nothing: '空', section: '一个小节', list: '一个列表' } as const;

function expectation(allowed: Expectation): string {
  if (allowed.kind === 'one-of') return ` ${allowed.values.join(' 或 ')}`;
  if (allowed.kind === 'whole-number') return ` ${allowed.min} 到 ${allowed.max} 之间的整数`;
  if (allowed.kind === 'shorter-than-gap') return `短于 ${allowed.hours}h 的时长：届时窗口会再次开启`;
  if (allowed.kind === 'host-of-no-group') return `尚未属于任何组的主机（它已在组“${allowed.group}”中）`;
  return EXPECTATIONS[allowed.kind];
}

type WithValues = 'one-of' | 'whole-number' | 'shorter-than-gap' | 'host-of-no-group';

const EXPECTATIONS: Record<Exclude<Expectation['kind'], WithValues>, string> = {
  section: '一个小节（下级配置项须缩进）',
  list: '一个列表（[a, b]，或多行“- a”）',
  'at-least-one-host': '至少一台主机，以主机名为键',
  boolean: ' true 或 false',
  'host-name': '由字母、数字、“.”、“_”和“-”组成的名称，以字母或数字开头，最长 63 个字符',
  'known-host': '“hosts”中已有的主机名',
  'known-group': '“hostGroups”中已有的组名',
  recurrence: '日期和时间，例如“Sun 02:00”、“Mon,Thu 02:00”或“day 02:00”',
  'length-of-time': '时长，最长 7d，例如 30m、2h 或 1d12h',
  'time-zone': '时区，例如 Europe/Berlin 或 UTC',
  address: ' DNS 域名或 IP 地址',
  'jump-host': '跳板机，格式为 [user@]address[:port]；带端口的 IPv6 地址须加方括号，例如 [::1]:22',
  login: '主机上的登录用户名，不含空白字符',
  account: '主机上的账号名',
  file: '文件路径（相对路径以配置文件所在目录为起点）',
  command: '程序及其参数，例如 [docker, exec, -i, NAME]',
  signing: '一个小节，其中写明方案的签名密钥（signing.key），因为有主机已安装 guard，而 guard 只接受已签名的方案',
  'no-enter': '空（不设置），因为这台主机已安装 guard：它直接在主机上运行，并从主机上找到容器中的 Registry',
  'command-word': '命令中的一个词：只能用普通字符，不能有引号、反斜杠、“$”、“`”和“!”',
  'path-on-host': '主机上的绝对路径',
  'http-url': ' http:// 或 https:// 地址，只含字母、数字和 ._:/%+~-，不含用户名、密码、“?”和“#”',
  'url-from-bot': ' http:// 或 https:// 地址，机器人所在的机器可由此访问 Registry，不能是 127.0.0.1 之类的回环地址',
  'store-url':
    ' sqlite: 加路径，例如 sqlite:./registry-doctor.db；或 postgres://USER@HOST/DATABASE，不含密码（密码放在 store.passwordFile 或 PGPASSWORD 中），选项只能是 sslmode（disable、require、verify-ca 或 verify-full）、sslrootcert 和 host',
  socket:
    '机器人应答健康检查的套接字路径，例如 /run/registry-doctor/health.sock：Postgres 上的审计记录没有可放它的目录',
  'syslog-url': ' tls://、tcp:// 或 udp:// 加主机和端口，例如 tls://logs.example.com:6514',
  'witness-url': ' https:// 地址，例如 https://witness.example.com（http:// 只限本机）',
  'witness-key': '见证方公布的 Ed25519 公钥（类型 4），格式为 NAME+ID+BASE64',
  'channel-id': ' Slack 频道 ID，例如 C0123456（在 Slack 中：点击频道名称 → 关于 → 频道 ID）',
  'user-id': ' Slack 成员 ID，例如 U0123456（在 Slack 中：个人档案 → ⋮ → 复制成员 ID）',
  'other-time': '不同于“from”的时刻',
  'listen-address': '本机的 IP 地址，例如 127.0.0.1 或 0.0.0.0',
  'source-name': '由字母、数字、“_”和“-”组成的名称，以字母或数字开头，最长 63 个字符',
  'at-least-one-source': '至少一个告警源，以其名称为键',
  'at-least-one-label': '至少一个标签及其值',
  'label-name': '标签名，最长 128 个字符',
  'label-value': '标签的值，须加引号，其中 * 代表任意字符',
  'time-of-day': '一个时刻，加引号，从 "00:00" 到 "23:59"',
  'group-id': ' Slack 用户组 ID，例如 S0123456（在 Slack 中：成员 → 用户组 → ⋮ → 复制用户组 ID）',
};

function variable(allowed: EnvironmentExpectation): string {
  return allowed.kind === 'one-of' ? `以下值之一：${allowed.values.join('、')}` : VARIABLES[allowed.kind];
}

const VARIABLES: Record<Exclude<EnvironmentExpectation['kind'], 'one-of'>, string> = {
  'bot-token': '以 xoxb- 开头的机器人令牌（api.slack.com/apps → OAuth & Permissions）',
  'app-token': '以 xapp- 开头的应用级令牌（api.slack.com/apps → Basic Information → App-Level Tokens）',
  'signing-secret': '应用的 Signing Secret（api.slack.com/apps → Basic Information）',
  'http-url': ' http:// 或 https:// 地址',
  'alert-token': '告警源发送的令牌：16 到 512 个 ASCII 字符，不含空白',
  'webhook-secret': '用于签名 webhook 的密钥：whsec_ 加 Base64 编码的 24 到 64 个字节（openssl rand -base64 32）',
  'otlp-headers': '请求头，格式为 key=value，以逗号分隔，值用百分号编码（authorization=Bearer%20TOKEN）',
  'agent-socket': '正在运行的 ssh-agent 的套接字（有主机未设置 identityFile，其密钥要向 agent 获取）',
};
