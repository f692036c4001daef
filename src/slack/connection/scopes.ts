/**
 * The scopes of the bot token, and which Web API methods need them (docs.slack.dev/reference/methods). manifest.yml
 * declares exactly these, and the code calls exactly these methods. A test compares the three.
 */
export const BOT_SCOPES = {
  /** Slack delivers `/registry` and the shortcuts only with this. No method needs it. */
  commands: [],
  /** Slack delivers mentions of the bot only with this. No method needs it. */
  'app_mentions:read': [],
  'chat:write': ['chat.postMessage', 'chat.update', 'chat.postEphemeral', 'chat.delete'],
  /** Whether the bot is in the channel, for public and private ones. */
  'channels:read': ['conversations.info'],
  'groups:read': ['conversations.info'],
  /** Whether a message was posted though its response was lost. */
  'channels:history': ['conversations.history', 'conversations.replies'],
  'groups:history': ['conversations.history', 'conversations.replies'],
  'users:read': ['users.info'],
  'usergroups:read': ['usergroups.users.list', 'usergroups.list'],
} as const satisfies Record<string, readonly string[]>;

/** Scopes that the bot uses where it has them. manifest.yml has each in a comment; `check` says what is missing without it. */
export const OPTIONAL_BOT_SCOPES = {
  /** Pictures, the record and plans that no card can hold, as files in the thread. */
  'files:write': ['files.getUploadURLExternal', 'files.completeUploadExternal'],
} as const satisfies Record<string, readonly string[]>;
export type OptionalBotScope = keyof typeof OPTIONAL_BOT_SCOPES;

/** The scopes of the app-level token (Socket Mode only). */
export const APP_SCOPES = {
  'connections:write': ['apps.connections.open'],
} as const satisfies Record<string, readonly string[]>;

/** Methods that any token can call. A form needs the trigger of a request. */
export const METHODS_WITHOUT_SCOPE = [
  'auth.test',
  'views.open',
  'views.update',
  'views.publish',
  'blocks.validate',
] as const;
