import type {
  PersonDoubt,
  SlackFailure,
  SlackSilence,
  SlackTokenRefused,
  SlackTrouble,
} from '../../model/record/messages/slack-failure.ts';
import { sentences } from '../sentences.ts';
import { duration } from './time.ts';

const TOKENS = {
  bot: { variable: 'SLACK_BOT_TOKEN', page: 'OAuth & Permissions', what: '机器人令牌' },
  app: { variable: 'SLACK_APP_TOKEN', page: 'Basic Information → App-Level Tokens', what: '应用级令牌' },
} as const;

/** Slack will not take this token, however often it is asked. */
export function tokenRefused({ token, code }: SlackTokenRefused): string {
  const { variable, page, what } = TOKENS[token];
  return `Slack 拒绝${what}（${code}）。请从 api.slack.com/apps 的 ${page} 重新复制到 ${variable}。`;
}

/** Why Slack did not do what it was asked, as a clause. */
export function slackFailureClause(failure: SlackFailure): string {
  switch (failure.kind) {
    case 'refused':
      return `Slack 返回 ${failure.code}`;
    case 'rate-limited':
      return `Slack 要求等待 ${duration(failure.afterMs)}`;
    case 'no-answer':
      return `Slack 没有响应：${silence(failure.why)}`;
  }
}

const silence = sentences<SlackSilence>({
  'http-status': ({ status }) => `HTTP 状态码 ${status}`,
  'not-slack': () => '响应不是来自 Slack 的',
  'no-user': () => '响应中没有用户',
  'no-team': () => '响应中没有工作区',
  failed: ({ said }) => said,
});

/** Why it is not known who someone is, as a clause. */
export function personDoubt(doubt: PersonDoubt): string {
  return doubt.kind === 'not-asked' ? '此处不询问 Slack' : slackFailureClause(doubt);
}

/** Why Slack and the bot do not reach each other, as a clause or a sentence. */
export function slackTrouble(trouble: SlackTrouble): string {
  switch (trouble.kind) {
    case 'token-not-checked':
      return '机器人令牌尚未检查';
    case 'token-refused':
      return tokenRefused(trouble);
    case 'too-many-connections':
      return '此应用的十个 Socket Mode 连接均被占用：可能还有其他机器人进程在运行';
    case 'ended-early':
      return '连接在就绪之前断开';
    default:
      return slackFailureClause(trouble);
  }
}

/** The bot can't take Slack's requests on this port (HTTP mode). */
export function cannotListen(port: number, code: string): string {
  if (code === 'EADDRINUSE') return `端口 ${port} 已被占用。请停止占用它的程序，或修改 slack.port。`;
  if (code === 'EACCES') {
    return `无法监听端口 ${port}：没有权限。请把 slack.port 设为 1024 或更大的值，并让机器人前面的代理监听端口 ${port}。`;
  }
  return `无法监听端口 ${port}：${code}。请检查 slack.port。`;
}
