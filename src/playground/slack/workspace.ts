/** The people and channels of the stand-in's Slack. */

export type SlackTeam = { readonly id: string; readonly domain: string; readonly name: string };

export type SlackUser = {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly realName: string;
  /** As Slack writes it: `en-US`, `zh-CN`. */
  readonly locale: string;
  /** On Enterprise Grid: the workspaces that the account is in. `teamId` can then be another one. */
  readonly enterpriseTeams?: readonly string[];
  readonly account: 'member' | 'guest' | 'single-channel-guest' | 'deactivated' | 'bot';
};

export type SlackUserGroup = {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
  readonly isDisabled: boolean;
};

export type SlackChannel = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im' | 'mpim';
  readonly isArchived: boolean;
  /** User ids of its members, with the bot's if the bot is in it. */
  readonly members: readonly string[];
};

export type SlackApp = {
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly botName: string;
};

export type Workspace = {
  readonly team: SlackTeam;
  readonly app: SlackApp;
  readonly users: readonly SlackUser[];
  readonly userGroups: readonly SlackUserGroup[];
  readonly channels: readonly SlackChannel[];
};

const TEAM = { id: 'T0WORKSHOP', domain: 'workshop', name: 'Workshop' };
const APP = { appId: 'A0DOCTOR', botId: 'B0DOCTOR', botUserId: 'U0DOCTOR', botName: 'registry-doctor' };
const PEOPLE = ['U0ALICE', 'U0BOB', 'U0CAROL', 'U0GUEST', 'U0STRANGER'];

function user(id: string, name: string, realName: string, account: SlackUser['account'], teamId = TEAM.id): SlackUser {
  return { id, teamId, name, realName, account, locale: 'en-US' };
}

function channel(id: string, name: string, members: readonly string[]): SlackChannel {
  return { id, name, kind: 'public', isArchived: false, members };
}

/** Alice requests, Bob and Carol approve. The others are accounts that a bot has to refuse. */
export const DEFAULT_WORKSPACE = {
  team: TEAM,
  app: APP,
  users: [
    user('U0ALICE', 'alice', 'Alice Adams', 'member'),
    user('U0BOB', 'bob', 'Bob Brown', 'member'),
    user('U0CAROL', 'carol', 'Carol Clark', 'member'),
    user('U0GUEST', 'gus', 'Gus Guest', 'guest'),
    user('U0ONEROOM', 'olga', 'Olga One', 'single-channel-guest'),
    user('U0GONE', 'greta', 'Greta Gone', 'deactivated'),
    user('U0STRANGER', 'sam', 'Sam Stranger', 'member', 'T0ELSEWHERE'),
    user('U0OTHERBOT', 'otherbot', 'Other Bot', 'bot'),
    user(APP.botUserId, APP.botName, 'Registry Doctor', 'bot'),
  ],
  userGroups: [
    {
      id: 'S0APPROVERS',
      handle: 'registry-approvers',
      name: 'Approvers',
      users: ['U0BOB', 'U0CAROL'],
      isDisabled: false,
    },
    { id: 'S0FORMER', handle: 'former-approvers', name: 'Former approvers', users: ['U0GONE'], isDisabled: true },
  ],
  channels: [
    channel('C0INCIDENTS', 'registry-incidents', [...PEOPLE, APP.botUserId]),
    channel('C0OPS', 'ops', [...PEOPLE, APP.botUserId]),
    channel('C0LOUNGE', 'lounge', PEOPLE),
    { ...channel('C0ARCHIVE', 'old-incidents', [...PEOPLE, APP.botUserId]), isArchived: true },
    { ...channel('C0PRIVATE', 'registry-private', ['U0ALICE', 'U0BOB', APP.botUserId]), kind: 'private' },
    { ...channel('G0GROUP', 'mpdm-alice--bob--carol-1', ['U0ALICE', 'U0BOB', 'U0CAROL']), kind: 'mpim' },
    { ...channel('C0SECRET', 'board', ['U0CAROL']), kind: 'private' },
  ],
} as const satisfies Workspace;
