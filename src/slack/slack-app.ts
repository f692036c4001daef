import { App } from '@slack/bolt';
import type { SlackTrouble } from '../model/record/messages/slack-failure.ts';
import { WorkInFlight } from '../workflow/jobs/work-in-flight.ts';
import type { Log, Metrics } from '../workflow/ports/bot.ts';
import type { Requests } from '../workflow/requests.ts';
import { ACTION_IDS, OTHER_ACTION_ID } from './cards/parts/action-ids.ts';
import { boltLogger } from './connection/bolt-logger.ts';
import { BotToken } from './connection/bot-token.ts';
import { HttpConnection } from './connection/http-connection.ts';
import { clientOptions, createSlackClients } from './connection/slack-clients.ts';
import { SocketConnection } from './connection/socket-connection.ts';
import { HomeTabs } from './home/home-tabs.ts';
import { ChannelMembership } from './people/channel-membership.ts';
import type { WordsOf } from './people/reader-words.ts';
import { REGISTRY_COMMAND } from './requests/commands/registry-command.ts';
import { DIAGNOSE_FORM, HOST_INPUT } from './requests/diagnose/diagnose-form.ts';
import { SHORTCUTS } from './requests/diagnose/shortcut.ts';
import { FORM_IDS } from './requests/forms/plan-form.ts';
import { RequestIntake } from './requests/request-intake.ts';

const DRAIN_LIMIT_MS = 10_000;

export type SlackAppOptions = {
  readonly slackApiUrl: string;
  readonly botToken: string;
  readonly requests: Requests;
  readonly log: Log;
  readonly metrics: Metrics;
  /** For private answers to one person. Never rejects. */
  readonly wordsOf: WordsOf;
} & (
  | { readonly mode: 'socket'; readonly appToken: string }
  | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number; readonly host?: string }
);

export type SlackApp = {
  /** Rejects if Slack refuses the bot's token. Resolves if it accepts it or is away. Asks Slack once. */
  checkToken(): Promise<void>;
  /**
   * Resolves after the first attempt to connect. Rejects if Slack's requests will never arrive: a refused token, a port
   * in use.
   */
  start(): Promise<{ readonly port: number | null }>;
  /** Resolves when Slack's requests can arrive and be answered for the first time. */
  readonly ready: Promise<void>;
  /** Accepts no more requests and waits for running work, at most 10 s. False if some was still running then. */
  stop(): Promise<boolean>;
  /** People might see something else in their home tab now. */
  refreshHomes(): void;
  /** Whether Slack can reach the bot right now, and the bot Slack. */
  isConnected(): boolean;
  /** Whether Slack lets the bot post files. False until Slack has accepted its token. */
  canPostFiles(): boolean;
  /** Why not, if known. */
  trouble(): SlackTrouble | null;
};

/**
 * The connection from Slack: commands, mentions, shortcuts, buttons and home tabs, over Socket Mode or signed HTTP, passed
 * on to `requests`.
 */
export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { log, metrics, requests, wordsOf } = options;
  const connection = options.mode === 'socket' ? new SocketConnection(options) : new HttpConnection(options);
  const inFlight = new WorkInFlight(log);
  const stopping = new AbortController();
  const clients = createSlackClients(options);
  const token = new BotToken(clients.questions, log);
  const membership = new ChannelMembership(clients.questions, log);
  const homes = new HomeTabs({ requests, client: clients.messages, wordsOf, inFlight, log });
  const intake = new RequestIntake({
    requests,
    homes,
    membership,
    client: clients.approvals,
    wordsOf,
    inFlight,
    log,
    stopping: stopping.signal,
    metrics,
  });
  const app = new App({
    receiver: connection.receiver,
    // One workspace, one token: no lookup and no auth.test for each request.
    authorize: async () => ({ botToken: options.botToken }),
    clientOptions: clientOptions(options.slackApiUrl, log),
    logger: boltLogger(log),
    ignoreSelf: false,
    convoStore: false,
    attachFunctionToken: false,
  });
  listen(app, intake);
  app.error(async (error) => log.error({ err: error }, 'a request of Slack could not be handled'));
  return {
    checkToken: () => token.check(),
    start: async () => {
      await token.check();
      await connection.start();
      return { port: connection instanceof HttpConnection ? connection.port : null };
    },
    stop: async () => {
      homes.stop();
      stopping.abort();
      await token.stop();
      await connection.stop();
      return inFlight.drain(DRAIN_LIMIT_MS);
    },
    refreshHomes: () => homes.changed(),
    ready: Promise.all([token.accepted, connection.connected]).then(() => {}),
    isConnected: () => token.trouble === null && connection.isConnected(),
    canPostFiles: () => token.has('files:write'),
    trouble: () => token.trouble ?? connection.trouble,
  };
}

/** Everything that Slack sends, and who takes it. */
function listen(app: App, intake: RequestIntake): void {
  app.command(REGISTRY_COMMAND, ({ ack, body }) => intake.command(ack, body));
  app.event('app_mention', ({ body }) => intake.mention(body));
  app.event('app_home_opened', ({ body }) => intake.homeOpened(body));
  app.shortcut({ type: 'shortcut', callback_id: SHORTCUTS.global }, ({ ack, body }) =>
    intake.globalShortcut(ack, body),
  );
  app.shortcut({ type: 'message_action', callback_id: SHORTCUTS.message }, ({ ack, body }) =>
    intake.messageShortcut(ack, body),
  );
  app.options(HOST_INPUT.action, ({ ack, body }) => intake.hostOptions(ack, body));
  app.view(DIAGNOSE_FORM, ({ ack, body }) =>
    intake.hostForm(ack, (view) => ack({ response_action: 'update', view }), body),
  );
  for (const actionId of ACTION_IDS) app.action(actionId, ({ ack, body }) => intake.click(actionId, ack, body));
  app.action(OTHER_ACTION_ID, ({ ack, body }) => intake.unknownClick(ack, body));
  for (const formId of FORM_IDS) {
    app.view(formId, ({ ack, body }) => intake.form(ack, (errors) => ack({ response_action: 'errors', errors }), body));
  }
}
