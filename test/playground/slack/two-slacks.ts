import assert from 'node:assert/strict';
import { WebClient } from '@slack/web-api';
import { createEmulator } from 'emulate';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { SILENT } from './silent-logger.ts';

/** One of two Slacks that are compared, with the ids of the same things in it. */
export type Side = {
  readonly client: WebClient;
  /** A client with a token that was granted `channels:read` alone. */
  readonly poorClient: WebClient;
  readonly withToken: (token: string) => WebClient;
  readonly ids: {
    readonly team: string;
    readonly bot: string;
    readonly botUser: string;
    readonly channel: string;
    readonly otherChannel: string;
    /** Public, and without the bot. */
    readonly without: string;
    readonly archived: string;
    readonly member: string;
    readonly outsider: string;
  };
  /** A message in `channel` that someone else wrote. */
  readonly foreignTs: string;
  close(): Promise<void>;
};

/** What the bot was granted on both sides. */
export const GRANTED = [
  'chat:write',
  'channels:read',
  'channels:history',
  'groups:read',
  'groups:history',
  'im:write',
  'users:read',
  'usergroups:read',
];

function clientAt(slackApiUrl: string, token: string): WebClient {
  return new WebClient(token, { slackApiUrl, retryConfig: { retries: 0 }, logger: SILENT });
}

/** The product's own stand-in. */
export async function startOurs(): Promise<Side> {
  const slack = await startSlackStandIn({ scopes: GRANTED });
  const poor = await startSlackStandIn({ scopes: ['channels:read'] });
  const { botToken } = slack.credentials;
  return {
    client: clientAt(slack.apiUrl, botToken),
    poorClient: clientAt(poor.apiUrl, botToken),
    withToken: (token) => clientAt(slack.apiUrl, token),
    ids: {
      team: 'T0WORKSHOP',
      bot: 'B0DOCTOR',
      botUser: 'U0DOCTOR',
      channel: 'C0OPS',
      otherChannel: 'C0INCIDENTS',
      without: 'C0LOUNGE',
      archived: 'C0ARCHIVE',
      member: 'U0ALICE',
      outsider: 'U0GONE',
    },
    foreignTs: slack.say({ user: 'U0ALICE', channel: 'C0OPS', text: 'mine' }).ts,
    close: async () => {
      await slack.close();
      await poor.close();
    },
  };
}

const [BOT, POOR, ADMIN] = ['xoxb-cross-check', 'xoxb-poor', 'xoxp-admin'];
const APP = { app_id: 'A0DOCTOR', bot_id: 'B0DOCTOR' };
const SEED = {
  strict_scopes: true,
  users: [{ name: 'alice' }, { name: 'outsider' }],
  channels: [{ name: 'ops' }, { name: 'incidents' }, { name: 'lounge' }, { name: 'old' }],
  oauth_apps: [
    {
      ...APP,
      client_id: '1.2',
      client_secret: 'x',
      name: 'Doctor',
      redirect_uris: [],
      bot_user_id: 'U0DOCTOR',
      bot_name: 'doctor',
      scopes: GRANTED,
    },
  ],
  tokens: [
    { ...APP, token: BOT, user_id: 'U0DOCTOR', scopes: GRANTED },
    { ...APP, token: POOR, user_id: 'U0DOCTOR', scopes: ['channels:read'] },
    { token: ADMIN, user: 'alice', scopes: [...GRANTED, 'channels:manage', 'channels:join'] },
  ],
};

/** Another's emulation: https://www.npmjs.com/package/emulate. */
export async function startTheirs(): Promise<Side> {
  const emulator = await createEmulator({ service: 'slack', port: 0, seed: { slack: SEED } });
  const apiUrl = `${emulator.url}/api/`;
  const admin = clientAt(apiUrl, ADMIN);
  const ids = await idsOf(admin);
  for (const channel of [ids.channel, ids.otherChannel]) {
    await admin.conversations.invite({ channel, users: ids.botUser });
    await admin.conversations.kick({ channel, user: ids.outsider });
  }
  await admin.conversations.archive({ channel: ids.archived });
  const { ts: foreignTs = '' } = await admin.chat.postMessage({ channel: ids.channel, text: 'mine' });
  return {
    client: clientAt(apiUrl, BOT),
    poorClient: clientAt(apiUrl, POOR),
    withToken: (token) => clientAt(apiUrl, token),
    ids,
    foreignTs,
    close: () => emulator.close(),
  };
}

/** Their ids are made up at every start. */
async function idsOf(admin: WebClient): Promise<Side['ids']> {
  const { channels = [] } = await admin.conversations.list();
  const { members = [] } = await admin.users.list({});
  const channel = (name: string) => channels.find((each) => each.name === name)?.id ?? assert.fail(name);
  const user = (name: string) => members.find((each) => each.name === name)?.id ?? assert.fail(name);
  return {
    team: 'T000000001',
    bot: APP.bot_id,
    botUser: 'U0DOCTOR',
    channel: channel('ops'),
    otherChannel: channel('incidents'),
    without: channel('lounge'),
    archived: channel('old'),
    member: user('alice'),
    outsider: user('outsider'),
  };
}
