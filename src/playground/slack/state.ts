import type { Conversations } from './conversations.ts';
import type { ChangeFeed } from './stores/change-feed.ts';
import type { EphemeralStore } from './stores/ephemeral-store.ts';
import type { FileStore } from './stores/file-store.ts';
import type { MessageStore } from './stores/message-store.ts';
import type { Triggers } from './stores/triggers.ts';
import type { ViewStore } from './stores/view-store.ts';
import type { Workspace } from './workspace.ts';

/** The credentials to start the bot with. */
export type Credentials = { readonly botToken: string; readonly appToken: string; readonly signingSecret: string };

/** All state of one stand-in, gone when it closes. */
export type StandInState = {
  readonly workspace: Workspace;
  readonly credentials: Credentials;
  /** Methods that this Slack does not know. */
  readonly lackingMethods: ReadonlySet<string>;
  /** Posts of files have no `bot_id`, and their files no name. */
  readonly bareFiles: boolean;
  /** The scopes granted to the bot when it was installed. */
  readonly scopes: ReadonlySet<string>;
  readonly feed: ChangeFeed;
  readonly conversations: Conversations;
  readonly messages: MessageStore;
  readonly files: FileStore;
  readonly ephemerals: EphemeralStore;
  readonly triggers: Triggers;
  readonly views: ViewStore;
  /** A URL for one WebSocket connection, valid once. */
  readonly openSocketTicket: (baseUrl: string) => string;
  /** Where the bytes of a file go. */
  readonly uploadUrl: (fileId: string, baseUrl: string) => string;
};
