/**
 * What the bot token is allowed, and which Web API methods need it (docs.slack.dev/reference/methods). manifest.yml
 * declares exactly these, and the code calls exactly these methods; a test compares the three.
 */
export const BOT_SCOPES = {
  /** Slack delivers `/registry` only with this; no method asks for it. */
  commands: [],
  'chat:write': ['chat.postMessage', 'chat.update', 'chat.postEphemeral'],
  /** Is the bot in the channel? Public ones, and private ones. */
  'channels:read': ['conversations.info'],
  'groups:read': ['conversations.info'],
  /** Was a message posted whose answer got lost? */
  'channels:history': ['conversations.history', 'conversations.replies'],
  'groups:history': ['conversations.history', 'conversations.replies'],
  'users:read': ['users.info'],
  'usergroups:read': ['usergroups.users.list'],
} as const satisfies Record<string, readonly string[]>;

/** What the app-level token is allowed (Socket Mode only). */
export const APP_SCOPES = {
  'connections:write': ['apps.connections.open'],
} as const satisfies Record<string, readonly string[]>;

/** Methods that any token may call; a form takes the trigger of a click. */
export const METHODS_WITHOUT_SCOPE = ['auth.test', 'views.open'] as const;
