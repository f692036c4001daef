/** What `registry-doctor check` says about Slack. */
export const SLACK_CHECKS = {
  botToken: 'Slack: bot token',
  scopes: 'Slack: scopes of the bot token',
  files: 'Slack: files (optional)',
  appToken: 'Slack: app token (Socket Mode)',
  incidentChannel: 'Slack: incident channel',
  cards: 'Slack: blocks of the cards',
  channel: (id: string) => `Slack: channel ${id}`,
  user: (id: string) => `Slack: user ${id}`,
  group: (id: string) => `Slack: user group ${id}`,
} as const;

export const SLACK_CHECK_DETAILS = {
  tokenBelongsTo: (bot: string, team: string) => `${bot} in the workspace ${team}`,
  allScopes: 'all that are needed',
  scopesMissing: (scopes: readonly string[]) =>
    `missing: ${scopes.join(', ')}. Add them as in manifest.yml, then install the app again`,
  canPostFiles: 'pictures, the record and plans that are too long for a card are posted as files',
  cannotPostFiles:
    'files:write is not granted: no pictures and no record in the thread, and a plan that is too long for a card can’t be approved in Slack. To get them, add the scope as in manifest.yml, then install the app again',
  scopesUnknown: 'Slack did not say which scopes the token has',
  socketOpens: 'Slack opens a connection',
  inChannel: (name: string) => `the bot is in #${name}`,
  notInChannel: (name: string) => `the bot is not in #${name}: type /invite @registry-doctor there`,
  channelNotFound: 'no such channel, or a private one that the bot is not in: type /invite @registry-doctor there',
  unreachable: (why: string) =>
    `${why}. Check DNS on this machine, and that the firewall lets HTTPS to slack.com out: \`curl -sS -o /dev/null https://slack.com\`. The bot uses an outgoing proxy only with HTTPS_PROXY and NODE_USE_ENV_PROXY=1 in its environment`,
  archived: (name: string) => `#${name} is archived: nothing can be posted there`,
  teamUnknown: 'not tried: Slack did not say which workspace the bot token belongs to',
  person: 'active workspace member',
  noPerson: 'not an active workspace member (a guest, a bot, deactivated, or of another workspace)',
  cardsTaken: 'Slack takes all of them',
  cardsNotTested: 'not tested: this Slack has no method blocks.validate',
  blocksRefused: (blocks: readonly string[]) =>
    `Slack refuses ${blocks.join(', ')}: cards are shown in a simpler form. A plan whose buttons are refused can’t be approved in Slack`,
  groupOf: (members: number) => `${members} ${members === 1 ? 'member' : 'members'}`,
  groupEmpty: 'no one is in it',
} as const;
