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
  bot: { variable: 'SLACK_BOT_TOKEN', page: 'OAuth & Permissions', what: 'bot token' },
  app: { variable: 'SLACK_APP_TOKEN', page: 'Basic Information → App-Level Tokens', what: 'app token' },
} as const;

/** Slack will not take this token, however often it is asked. */
export function tokenRefused({ token, code }: SlackTokenRefused): string {
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
      return `no answer from Slack: ${silence(failure.why)}`;
  }
}

const silence = sentences<SlackSilence>({
  'http-status': ({ status }) => `HTTP status ${status}`,
  'not-slack': () => 'the answer is not Slack’s',
  'no-user': () => 'no user in it',
  'no-team': () => 'no team in it',
  failed: ({ said }) => said,
});

/** Why it is not known who someone is, as a clause. */
export function personDoubt(doubt: PersonDoubt): string {
  return doubt.kind === 'not-asked' ? 'Slack is not asked here' : slackFailureClause(doubt);
}

/** Why Slack and the bot do not reach each other, as a clause or a sentence. */
export function slackTrouble(trouble: SlackTrouble): string {
  switch (trouble.kind) {
    case 'token-not-checked':
      return 'the bot token has not been checked yet';
    case 'token-refused':
      return tokenRefused(trouble);
    case 'too-many-connections':
      return 'all ten Socket Mode connections of this app are taken: another copy of the bot may be running';
    case 'ended-early':
      return 'the connection ended before it was ready';
    default:
      return slackFailureClause(trouble);
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
