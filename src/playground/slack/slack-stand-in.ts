import type { Click, Mention, MenuQuery, MessageShortcut, Shortcut, SlashCommand, ViewSubmission } from './acts.ts';
import type { PreparedEvent, PreparedRequest } from './delivery/prepared-request.ts';
import type { DeliveryResult, SendOptions } from './delivery/transport.ts';
import type { CallRates, LostAnswer, Outage } from './faults.ts';
import type { ConnectionEnd, DisconnectReason } from './socket-mode/connections.ts';
import type { Credentials } from './state.ts';
import type { ApiCall } from './stores/call-log.ts';
import type { EphemeralMessage } from './stores/ephemeral-store.ts';
import type { SlackFile } from './stores/file-store.ts';
import type { SlackMessage } from './stores/message-store.ts';
import type { OpenView, PublishedHome } from './stores/view-store.ts';
import type { SlackChannel, Workspace } from './workspace.ts';

export type SlackStandInOptions = {
  /** Default {@link DEFAULT_WORKSPACE}. */
  readonly workspace?: Workspace;
  /** The bot's granted scopes. Default {@link DEFAULT_SCOPES}. */
  readonly scopes?: readonly string[];
  /** The delay before every answer of the Web API. Default 0. */
  readonly latencyMs?: number;
  /** The rate limits, for example {@link SLACK_RATES}. Default: none. */
  readonly rates?: CallRates;
  /** A type of block, or a field such as `confirm`, that this Slack refuses. Default: none. */
  readonly refusedBlock?: string;
  /** Methods of the Web API that this Slack does not know. Default: none. */
  readonly lackingMethods?: readonly string[];
  /** Posts of files have no `bot_id`, and their files no name. Default: they do. */
  readonly bareFiles?: boolean;
  /** How long a response_url is valid. Default: Slack's 30 minutes. */
  readonly responseUrlLifeMs?: number;
};

/** A private Slack on loopback. */
export type SlackStandIn = {
  /** The base URL of the Web API, for `SLACK_API_URL`. */
  readonly apiUrl: string;
  readonly credentials: Credentials;
  /** `SLACK_API_URL`, both tokens and the signing secret, for the bot's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workspace: Workspace;

  /** Sends commands and clicks to this URL from now on, signed. Null (the default): to Socket Mode connections. */
  deliverTo(requestUrl: string | null): void;

  /** Types a slash command. */
  slashCommand(act: SlashCommand, options?: SendOptions): Promise<DeliveryResult>;
  /** Clicks a button of a message in its current (or an earlier) version. */
  click(act: Click, options?: SendOptions): Promise<DeliveryResult>;
  submitView(act: ViewSubmission, options?: SendOptions): Promise<DeliveryResult>;
  /** Writes a message that mentions the bot. */
  mention(act: Mention, options?: SendOptions): Promise<DeliveryResult>;
  /** Opens the bot's home tab. */
  openHome(act: { readonly user: string; readonly tab?: 'home' | 'messages' }): Promise<DeliveryResult>;
  shortcut(act: Shortcut, options?: SendOptions): Promise<DeliveryResult>;
  messageShortcut(act: MessageShortcut, options?: SendOptions): Promise<DeliveryResult>;
  /** Types into a menu whose options the bot is asked for. Resolves to the values of those that it offers. */
  queryMenu(act: MenuQuery): Promise<readonly string[]>;
  /** The same actions as requests that are not sent yet, so that a test can send one several times. */
  readonly prepare: {
    slashCommand(act: SlashCommand): PreparedRequest;
    click(act: Click): PreparedRequest;
    submitView(act: ViewSubmission): PreparedRequest;
    mention(act: Mention): PreparedEvent;
    shortcut(act: Shortcut): PreparedRequest;
    messageShortcut(act: MessageShortcut): PreparedRequest;
  };
  /** Posts a message of a person, not of the bot, into a channel or thread. */
  say(message: {
    readonly user: string;
    readonly channel: string;
    readonly text: string;
    readonly threadTs?: string;
    /** The names of files that are posted with it. */
    readonly files?: readonly string[];
  }): SlackMessage;

  /** Deletes a message, as an administrator of the workspace can. */
  remove(channel: string, ts: string): void;

  /** Messages of a channel (without replies in threads), oldest first. */
  messages(channel: string): readonly SlackMessage[];
  /** A message and its replies, oldest first. */
  thread(channel: string, ts: string): readonly SlackMessage[];
  /** The private messages to one person: by chat.postEphemeral, a response_url, or in answer to a command. */
  ephemerals(user: string): readonly EphemeralMessage[];
  /** Modals that a person has open. */
  views(user: string): readonly OpenView[];
  /** The bot's home tab as one person sees it. Null: never published. */
  home(user: string): PublishedHome | null;
  /** The files that were accepted, in the order in which their uploads began. */
  files(): readonly SlackFile[];
  /** Calls of the Web API, oldest first, of one method if given. */
  calls(method?: string): readonly ApiCall[];
  /** All messages as plain text, for a terminal or an error message. */
  transcript(): string;

  /** Resolves with the first message, replies included, for which `fits` is true, now or later. */
  waitForMessage(fits: (message: SlackMessage) => boolean, timeoutMs: number): Promise<SlackMessage>;
  waitForEphemeral(
    user: string,
    fits: (message: EphemeralMessage) => boolean,
    timeoutMs: number,
  ): Promise<EphemeralMessage>;
  /** For a condition that no single message shows. Checked once after each change, not for each message. */
  waitUntil(what: string, isSo: () => boolean, timeoutMs: number): Promise<void>;
  waitForCall(method: string, fits: (call: ApiCall) => boolean, timeoutMs: number): Promise<ApiCall>;

  /** The next `times` calls of the method are answered with 429 and this Retry-After. */
  rateLimit(method: string, seconds: number, times: number): void;
  /** The next call of the method is refused with this error code. */
  failNext(method: string, error: string): void;
  /** The next call of the method is carried out, but its answer never arrives. `instead`: what arrives; default `cut`. */
  dropNextResponse(method: string, instead?: LostAnswer): void;
  /** Simulates an outage of this kind until called with null. Socket Mode connections are closed as well. */
  outage(kind: Outage | null): Promise<void>;
  /** From now on, Slack refuses blocks of this type, or with this field. Null: none. */
  refuseBlock(type: string | null): void;
  /**
   * Slack shows a file by a job of its own. True: from now on, files that were accepted appear nowhere. False: those that
   * wait appear now, in their order.
   */
  holdFiles(isHeld: boolean): void;
  /** Milliseconds before every answer of the Web API. */
  setLatency(latencyMs: number): void;
  /** Archives a channel, or changes its members. */
  changeChannel(id: string, change: Partial<Pick<SlackChannel, 'isArchived' | 'members'>>): void;

  /** The bot's WebSocket connections. */
  readonly socketMode: {
    /** The number of connections that get envelopes. */
    connectionCount(): number;
    /** The number of open connections, including those that were asked to disconnect. Slack allows ten. */
    heldCount(): number;
    waitForConnections(count: number, timeoutMs: number): Promise<void>;
    /**
     * Sends `disconnect` over all connections or the oldest one, so that the bot closes it and opens a new one. Unless
     * the reason is `warning`, the connection then gets envelopes only while no other connection can take them.
     */
    askToLeave(reason: DisconnectReason, which?: 'all' | 'oldest'): void;
    /** Sets how Slack behaves when the bot closes a connection that is opened from now on. */
    endsWith(end: ConnectionEnd): void;
    /** Closes all connections without a message. */
    cut(): void;
  };

  close(): Promise<void>;
};
