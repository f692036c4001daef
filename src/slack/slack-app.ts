import { App } from '@slack/bolt';
import type { Log } from '../workflow/ports.ts';
import type { Requests } from '../workflow/requests.ts';
import { WorkInFlight } from '../workflow/work-in-flight.ts';
import { ACTION_IDS } from './action-ids.ts';
import { boltLogger } from './bolt-logger.ts';
import { ChannelMembership } from './channel-membership.ts';
import { REGISTRY_COMMAND } from './commands/registry-command.ts';
import { HttpConnection } from './http-connection.ts';
import { RequestIntake } from './request-intake.ts';
import { clientOptions, createSlackClients } from './slack-clients.ts';
import { SocketConnection } from './socket-connection.ts';
import { FORM_IDS } from './views/plan-form.ts';

const DRAIN_LIMIT_MS = 10_000;

export type SlackAppOptions = {
  readonly slackApiUrl: string;
  readonly botToken: string;
  readonly requests: Requests;
  readonly log: Log;
} & (
  | { readonly mode: 'socket'; readonly appToken: string }
  | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number; readonly host?: string }
);

export type SlackApp = {
  /** Resolves when Slack's requests can arrive. Rejects when they never will: a refused token, a port in use. */
  start(): Promise<{ readonly port: number | null }>;
  /** Takes no more requests and waits for those at work, at most 10 s; false when some were still at work then. */
  stop(): Promise<boolean>;
  /** Whether Slack can reach the bot just now. */
  isConnected(): boolean;
};

/** The way in from Slack: `/registry …` and the buttons, over Socket Mode or signed HTTP, handed to `requests`. */
export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { log, requests } = options;
  const connection = options.mode === 'socket' ? new SocketConnection(options) : new HttpConnection(options);
  const inFlight = new WorkInFlight(log);
  const clients = createSlackClients(options);
  const membership = new ChannelMembership(clients.questions, log);
  const intake = new RequestIntake({ requests, membership, client: clients.approvals, inFlight, log });
  const app = new App({
    receiver: connection.receiver,
    // One workspace, one token: nothing to look up for a request, and no auth.test for each of them.
    authorize: async () => ({ botToken: options.botToken }),
    clientOptions: clientOptions(options.slackApiUrl, log),
    logger: boltLogger(log),
    ignoreSelf: false,
    convoStore: false,
    attachFunctionToken: false,
  });
  app.command(REGISTRY_COMMAND, ({ ack, body }) => intake.command(ack, body));
  for (const actionId of ACTION_IDS) app.action(actionId, ({ ack, body }) => intake.click(actionId, ack, body));
  for (const formId of FORM_IDS) {
    app.view(formId, ({ ack, body }) => intake.form(ack, (errors) => ack({ response_action: 'errors', errors }), body));
  }
  app.error(async (error) => log.error({ err: error }, 'a request of Slack could not be handled'));
  return {
    start: async () => {
      await connection.start();
      return { port: connection instanceof HttpConnection ? connection.port : null };
    },
    stop: async () => {
      await connection.stop();
      return inFlight.drain(DRAIN_LIMIT_MS);
    },
    isConnected: () => connection.isConnected(),
  };
}
