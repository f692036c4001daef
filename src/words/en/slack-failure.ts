import type { SlackFailure } from '../slack-failure.ts';
import { duration } from './time.ts';

/** What an answer of Slack should have had. */
export const NO_USER = 'no user in it';
export const NO_TEAM = 'no team in it';

/** At a terminal, where no one in Slack is spoken of. */
export const NOT_ASKED = 'Slack is not asked here';

export const ENDED_EARLY = 'the connection ended before it was ready';

export const TOKEN_NOT_CHECKED = 'the bot token has not been checked yet';

const TOKENS = {
  bot: { variable: 'SLACK_BOT_TOKEN', page: 'OAuth & Permissions', what: 'bot token' },
  app: { variable: 'SLACK_APP_TOKEN', page: 'Basic Information → App-Level Tokens', what: 'app token' },
} as const;

/** Slack will not take this token, however often it is asked. */
export function tokenRefused(token: keyof typeof TOKENS, code: string): string {
  const { variable, page, what } = TOKENS[token];
  return `Slack rejected the ${what} (${code}). Copy it again from ${page} at api.slack.com/apps into ${variable}.`;
}

/** Why Slack did not do what it was asked, as a clause. */
export function slackFailureClause(failure: SlackFailure): string {
  switch (failure.kind) {
    case 'refused':
      return `Slack says ${failure.code}`;
    case 'rate-limited':
      return `Slack asks to wait for ${duration(failure.afterMs)}`;
    case 'no-answer':
      return `no answer from Slack: ${failure.why}`;
  }
}

/** The bot can't take Slack's requests on this port (HTTP mode). */
export function cannotListen(port: number, code: string): string {
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Stop the program that uses it, or change slack.port.`;
  if (code === 'EACCES') {
    return `Can’t listen on port ${port}: permission denied. Set slack.port to 1024 or higher, and let the proxy in front of the bot take port ${port}.`;
  }
  return `Can’t listen on port ${port}: ${code}. Check slack.port.`;
}
