import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../../workflow/ports/bot.ts';
import { boltLogger } from './bolt-logger.ts';

const TIMEOUT_MS = 10_000;

/**
 * The options of every Web API call: one attempt, a timeout, and a 429 comes back as an error. By default the client
 * would retry for half an hour, without a timeout, and let one 429 delay all other calls.
 */
export function clientOptions(slackApiUrl: string, log: Log): WebClientOptions {
  return {
    slackApiUrl,
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: boltLogger(log),
  };
}

/** The Web API with the bot's token, in three lanes that do not wait for each other. */
export type SlackClients = {
  /** Cards that wait for a decision. */
  readonly approvals: WebClient;
  readonly messages: WebClient;
  readonly questions: WebClient;
};

export function createSlackClients(options: { botToken: string; slackApiUrl: string; log: Log }): SlackClients {
  const client = () => new WebClient(options.botToken, clientOptions(options.slackApiUrl, options.log));
  return { approvals: client(), messages: client(), questions: client() };
}
