import { BOT_SCOPES } from '../../slack/connection/scopes.ts';
import { Acts } from './acts.ts';
import { Conversations } from './conversations.ts';
import { createHttpTransport } from './delivery/http-transport.ts';
import { Faults } from './faults.ts';
import { LoopbackServer } from './http/loopback-server.ts';
import { serveSlack } from './http/serve-slack.ts';
import type { SlackStandIn, SlackStandInOptions } from './slack-stand-in.ts';
import { createSocketMode, type SocketMode } from './socket-mode/socket-mode.ts';
import type { Credentials, StandInState } from './state.ts';
import { CallLog } from './stores/call-log.ts';
import { ChangeFeed } from './stores/change-feed.ts';
import { EphemeralStore } from './stores/ephemeral-store.ts';
import { FileStore } from './stores/file-store.ts';
import { MessageStore } from './stores/message-store.ts';
import { ResponseUrls } from './stores/response-urls.ts';
import { Triggers } from './stores/triggers.ts';
import { ViewStore } from './stores/view-store.ts';
import { transcript } from './transcript.ts';
import { DEFAULT_WORKSPACE, type Workspace } from './workspace.ts';

const CREDENTIALS: Credentials = {
  botToken: 'xoxb-stand-in-bot-token',
  appToken: 'xapp-stand-in-app-token',
  signingSecret: 'stand-in-signing-secret',
};

/** The bot's default scopes: exactly those that its manifest requests. */
export const DEFAULT_SCOPES: readonly string[] = Object.keys(BOT_SCOPES);

/** Starts a stand-in for Slack on a free port of 127.0.0.1. It is strict wherever Slack is known to be. */
export async function startSlackStandIn(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const server = new LoopbackServer();
  const workspace = options.workspace ?? DEFAULT_WORKSPACE;
  const feed = new ChangeFeed();
  const socketMode = createSocketMode(server, workspace.app.appId, feed);
  const openSocketTicket = (baseUrl: string) =>
    `${baseUrl.replace('http:', 'ws:')}/link/?ticket=${socketMode.issueTicket()}`;
  const uploadUrl = (fileId: string, baseUrl: string) => `${baseUrl}/upload/v1/${fileId}`;
  const state = createState(workspace, options, feed, { openSocketTicket, uploadUrl });
  const faults = new Faults(options.rates ?? {}, options.refusedBlock ?? null);
  faults.latencyMs = options.latencyMs ?? 0;
  const calls = new CallLog(state.feed);
  const responseUrls = new ResponseUrls(() => server.baseUrl, options.responseUrlLifeMs);
  await server.start((request, response) => serveSlack(request, response, { state, faults, calls, responseUrls }));
  let transport = socketMode.transport;
  const acts = new Acts(state, responseUrls, () => transport);
  const apiUrl = `${server.baseUrl}/api/`;
  return {
    apiUrl,
    credentials: CREDENTIALS,
    environment: environmentFor(apiUrl),
    workspace,
    deliverTo: (url) => {
      transport = url === null ? socketMode.transport : createHttpTransport(url, CREDENTIALS.signingSecret);
    },
    slashCommand: (act, send) => acts.slashCommand(act).send(send),
    click: (act, send) => acts.click(act).send(send),
    submitView: (act, send) => acts.submitView(act).send(send),
    mention: (act, send) => acts.mention(act).send(send),
    openHome: (act) => acts.openHome(act).send(),
    shortcut: (act, send) => acts.shortcut(act).send(send),
    messageShortcut: (act, send) => acts.messageShortcut(act).send(send),
    queryMenu: (act) => acts.queryMenu(act),
    prepare: {
      slashCommand: (act) => acts.slashCommand(act),
      click: (act) => acts.click(act),
      submitView: (act) => acts.submitView(act),
      mention: (act) => acts.mention(act),
      shortcut: (act) => acts.shortcut(act),
      messageShortcut: (act) => acts.messageShortcut(act),
    },
    ...readingOf(state, calls),
    ...waitingOn(state, calls),
    ...troubleIn(faults, server, socketMode),
    socketMode: socketModeOf(socketMode, feed),
    holdFiles: (isHeld) => state.files.hold(isHeld),
    changeChannel: (id, change) => state.conversations.change(id, change),
    close: async () => {
      await socketMode.close();
      await server.close();
      feed.close();
    },
  };
}

function createState(
  workspace: Workspace,
  { scopes = DEFAULT_SCOPES, lackingMethods = [], bareFiles = false }: SlackStandInOptions,
  feed: ChangeFeed,
  urls: Pick<StandInState, 'openSocketTicket' | 'uploadUrl'>,
): StandInState {
  return {
    workspace,
    credentials: CREDENTIALS,
    scopes: new Set(scopes),
    lackingMethods: new Set(lackingMethods),
    bareFiles,
    feed,
    conversations: new Conversations(workspace),
    messages: new MessageStore(feed),
    files: new FileStore(feed),
    ephemerals: new EphemeralStore(feed),
    triggers: new Triggers(),
    views: new ViewStore(feed),
    ...urls,
  };
}

function environmentFor(apiUrl: string): Record<string, string> {
  return {
    SLACK_API_URL: apiUrl,
    SLACK_BOT_TOKEN: CREDENTIALS.botToken,
    SLACK_APP_TOKEN: CREDENTIALS.appToken,
    SLACK_SIGNING_SECRET: CREDENTIALS.signingSecret,
  };
}

function readingOf(state: StandInState, calls: CallLog) {
  return {
    remove: (channel: string, ts: string) => {
      const message = state.messages.find(channel, ts);
      if (message !== undefined) state.messages.delete(message);
    },
    say: (said: Parameters<SlackStandIn['say']>[0]) =>
      state.messages.post({
        channel: said.channel,
        user: said.user,
        threadTs: said.threadTs ?? null,
        isBroadcast: false,
        text: said.text,
        blocks: [],
        metadata: null,
        ...(said.files && {
          files: said.files.map((name) => state.files.announce({ name, length: 1, altText: null })),
        }),
      }),
    messages: (channel: string) => state.messages.inChannel(channel).filter((message) => message.threadTs === null),
    thread: (channel: string, ts: string) => state.messages.thread(channel, ts),
    ephemerals: (user: string) => state.ephemerals.of(user),
    views: (user: string) => state.views.of(user),
    home: (user: string) => state.views.homeOf(user),
    files: () => state.files.completed(),
    calls: (method?: string) => calls.of(method),
    transcript: () => transcript(state),
  };
}

function waitingOn(
  state: StandInState,
  calls: CallLog,
): Pick<SlackStandIn, 'waitForMessage' | 'waitForEphemeral' | 'waitUntil' | 'waitForCall'> {
  const describe = () => transcript(state);
  return {
    waitForMessage: (fits, timeoutMs) =>
      state.feed.waitFor('a message', () => state.messages.all().find(fits), timeoutMs, describe),
    waitForEphemeral: (user, fits, timeoutMs) =>
      state.feed.waitFor(`a private word to ${user}`, () => state.ephemerals.of(user).find(fits), timeoutMs, describe),
    waitUntil: async (what, isSo, timeoutMs) => {
      await state.feed.waitFor(what, () => (isSo() ? true : undefined), timeoutMs, describe);
    },
    waitForCall: (method, fits, timeoutMs) =>
      state.feed.waitFor(`a call of ${method}`, () => calls.of(method).find(fits), timeoutMs, describe),
  };
}

function troubleIn(
  faults: Faults,
  server: LoopbackServer,
  socketMode: SocketMode,
): Pick<SlackStandIn, 'rateLimit' | 'failNext' | 'dropNextResponse' | 'outage' | 'setLatency' | 'refuseBlock'> {
  return {
    rateLimit: (method, seconds, times) => faults.rateLimit(method, seconds, times),
    failNext: (method, error) => faults.failNext(method, error),
    dropNextResponse: (method, instead = 'cut') => faults.dropNextResponse(method, instead),
    outage: async (kind) => {
      faults.outage = kind;
      if (kind !== null) socketMode.cut();
      if (kind === 'refused') await server.stopListening();
      else await server.listenAgain();
    },
    refuseBlock: (type) => {
      faults.refusedBlock = type;
    },
    setLatency: (latencyMs) => {
      faults.latencyMs = latencyMs;
    },
  };
}

function socketModeOf(socketMode: SocketMode, feed: ChangeFeed): SlackStandIn['socketMode'] {
  return {
    connectionCount: () => socketMode.connectionCount(),
    heldCount: () => socketMode.heldCount(),
    waitForConnections: async (count, timeoutMs) => {
      const look = () => (socketMode.connectionCount() === count ? true : undefined);
      const describe = () => `there are ${socketMode.connectionCount()}`;
      await feed.waitFor(`${count} Socket Mode connections`, look, timeoutMs, describe);
    },
    askToLeave: (reason, which = 'all') => socketMode.askToLeave(reason, which),
    endsWith: (end) => socketMode.endsWith(end),
    cut: () => socketMode.cut(),
  };
}
