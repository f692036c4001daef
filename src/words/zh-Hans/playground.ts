import type * as English from '../en/playground.ts';
import { grouped } from '../moment.ts';

/** What the playground says around what the bot says. */

export const STEPS: Readonly<Record<keyof typeof English.STEPS, string>> = {
  building: '正在本机搭建练习主机：目录树、SSH 服务器、Registry …',
  noticing: '正在等待 Registry 发现问题，它下次检查存储目录时就会发现 …',
  starting: '正在启动机器人和 Slack 的替身 …',
  cleaning: '正在清理 …',
};

export function introduction(hostName: string, storageRoot: string, closed: readonly string[]): string {
  return [
    `${hostName} 上的 Registry 把镜像存放在`,
    `  ${storageRoot}`,
    `该路径经过一个符号链接，链接之后有 ${grouped(closed.length)} 个目录刚刚变得无法穿过：`,
    ...closed.map((path) => `  ${path}`),
    '它会返回 503，日志中却看不出原因。没有人把这些告诉机器人。',
  ].join('\n');
}

export const ORDINARY_USER_NOTE =
  '当前用户不是 root，因此只关闭一个目录：没有 root 权限就看不到被关闭的目录之后的内容。以 root 运行时是两个。';

export const NEEDS_LINUX = '演示需要 Linux：它会制造真实的权限故障，并读取 /proc。未做任何操作。';

export function typed(who: string, command: string): string {
  return `\n▶ ${who} 输入 ${command}`;
}

export function clicked(who: string, button: string): string {
  return `\n▶ ${who} 点击 [${button}]`;
}

export const QUESTION = '\n以 Bob 的身份批准该方案吗？[y/N] ';
export const NO_TERMINAL = '\n没有可用于询问的终端，因此按 --yes 处理，批准该方案。';
/** What Bob types where a rejection asks why. */
export const REASON = '暂不执行：我想先自己看一下。';
export const SAID_YES = '\n因为有 --yes，已批准。';

export function recordIntact(entries: number): string {
  return `\n审计记录共 ${entries} 条。第一条记录机器人所用的配置。每条都与前一条相链接。已检查：完整。`;
}

export const RECORD_BROKEN = '审计记录被改动。这是机器人的缺陷，请提交报告。';

export function tookSeconds(milliseconds: number): string {
  return `从发起到结束：${(milliseconds / 1000).toFixed(1)} 秒。`;
}

export const DONE = '目录、服务器和数据库均已删除。下一步：README.zh-CN.md 中的“安装配置”一节。';

export function postedMark(channel: string): string {
  return `#${channel}`;
}

export function threadMark(): string {
  return '  消息列中';
}

export function editedMark(): string {
  return '，编辑同一条消息';
}

export function waitedTooLong(what: string): string {
  return `演示等待超时：${what}。`;
}

export const WAITING_FOR: Readonly<Record<keyof typeof English.WAITING_FOR, string>> = {
  fault: '等待 Registry 发现存储目录无法访问',
  plan: '等待消息列中出现方案',
  form: '等待填写理由的表单',
  recovery: '等待 Registry 恢复正常',
  rejection: '等待卡片显示方案已驳回',
};
