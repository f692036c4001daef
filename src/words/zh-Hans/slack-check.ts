import type * as English from '../en/slack-check.ts';
import { grouped } from '../moment.ts';

/** What `registry-doctor check` says about Slack. */
export const SLACK_CHECKS = {
  botToken: 'Slack：机器人令牌',
  scopes: 'Slack：机器人令牌的权限范围',
  files: 'Slack：文件（可选）',
  appToken: 'Slack：应用级令牌（Socket Mode）',
  incidentChannel: 'Slack：故障频道',
  cards: 'Slack：卡片所用的块',
  channel: (id: string) => `Slack：频道 ${id}`,
  user: (id: string) => `Slack：用户 ${id}`,
  group: (id: string) => `Slack：用户组 ${id}`,
} as const satisfies Record<keyof typeof English.SLACK_CHECKS, unknown>;

export const SLACK_CHECK_DETAILS = {
  tokenBelongsTo: (bot: string, team: string) => `工作区 ${team} 中的 ${bot}`,
  allScopes: '所需的都有',
  scopesMissing: (scopes: readonly string[]) => `缺少：${scopes.join('、')}。请按 manifest.yml 添加，然后重新安装应用`,
  canPostFiles: '图片、记录和卡片放不下的方案会作为文件发布',
  cannotPostFiles:
    '未授予 files:write：消息列中没有图片和记录，卡片放不下的方案也不能在 Slack 中批准。如需这些功能，请按 manifest.yml 添加该权限，然后重新安装应用',
  scopesUnknown: 'Slack 未说明该令牌有哪些权限范围',
  socketOpens: 'Slack 可以建立连接',
  inChannel: (name: string) => `机器人在 #${name} 中`,
  notInChannel: (name: string) => `机器人不在 #${name} 中：请在该频道输入 /invite @registry-doctor`,
  channelNotFound: '没有这个频道，或者是机器人不在其中的私有频道：请在该频道输入 /invite @registry-doctor',
  unreachable: (why: string) =>
    `${why}。请检查本机的 DNS，以及防火墙是否允许访问 slack.com 的 HTTPS：\`curl -sS -o /dev/null https://slack.com\`。只有环境变量中有 HTTPS_PROXY 和 NODE_USE_ENV_PROXY=1 时，机器人才使用出站代理`,
  archived: (name: string) => `#${name} 已归档：无法在其中发消息`,
  teamUnknown: '未检查：Slack 未说明该机器人令牌属于哪个工作区',
  person: '工作区的有效成员',
  noPerson: '不是工作区的有效成员（访客、机器人、已停用，或属于其他工作区）',
  cardsTaken: 'Slack 全部接受',
  cardsNotTested: '未检查：此 Slack 没有 blocks.validate 方法',
  blocksRefused: (blocks: readonly string[]) =>
    `Slack 拒绝 ${blocks.join('、')}：卡片会以更简单的形式显示。按钮被拒绝的方案无法在 Slack 中批准`,
  groupOf: (members: number) => `${grouped(members)} 名成员`,
  groupEmpty: '其中没有成员',
} as const satisfies Record<keyof typeof English.SLACK_CHECK_DETAILS, unknown>;
