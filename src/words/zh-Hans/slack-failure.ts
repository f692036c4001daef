import type { SlackFailure } from '../slack-failure.ts';
import { duration } from './time.ts';

export const TOKEN_NOT_CHECKED = '机器人令牌尚未检查';

const TOKENS = {
  bot: { variable: 'SLACK_BOT_TOKEN', page: 'OAuth & Permissions', what: '机器人令牌' },
  app: { variable: 'SLACK_APP_TOKEN', page: 'Basic Information → App-Level Tokens', what: '应用级令牌' },
} as const;

/** Slack will not take this token, however often it is asked. */
export function tokenRefused(token: keyof typeof TOKENS, code: string): string {
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
      return `Slack 没有响应：${failure.why}`;
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
