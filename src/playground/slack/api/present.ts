import type { StandInState } from '../state.ts';
import type { SlackFile } from '../stores/file-store.ts';
import type { SlackMessage } from '../stores/message-store.ts';
import type { SlackChannel, SlackUser, SlackUserGroup, Workspace } from '../workspace.ts';

/** Slack's JSON for the objects of a workspace: the fields that clients read, and some around them. */

export function presentMessage(message: SlackMessage, state: StandInState, withMetadata: boolean) {
  const { app, team } = state.workspace;
  const isBare = message.files !== undefined && state.bareFiles;
  const isBot = message.user === app.botUserId && !isBare;
  return {
    user: message.user,
    type: 'message',
    ts: message.ts,
    ...(isBot ? { bot_id: app.botId, app_id: app.appId, bot_profile: botProfile(state.workspace) } : {}),
    text: message.text,
    team: team.id,
    ...(message.versions.length > 1 ? { edited: { user: message.user, ts: message.ts } } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
    ...(message.files === undefined
      ? {}
      : { files: message.files.map((file) => (isBare ? { id: file.id } : presentFile(file))), upload: true }),
    ...threadFields(message, state),
  };
}

function presentFile({ id, name, title, length, altText }: SlackFile) {
  return { id, name, title, size: length, mode: 'hosted', ...(altText === null ? {} : { alt_txt: altText }) };
}

function threadFields(message: SlackMessage, state: StandInState) {
  if (message.threadTs !== null) {
    const parent = state.messages.find(message.channel, message.threadTs);
    return {
      thread_ts: message.threadTs,
      parent_user_id: parent?.user,
      ...(message.isBroadcast ? { subtype: 'thread_broadcast' } : {}),
    };
  }
  const replies = state.messages.thread(message.channel, message.ts).slice(1);
  if (replies.length === 0) return {};
  const users = [...new Set(replies.map((reply) => reply.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: replies.at(-1)?.ts,
    is_locked: false,
    subscribed: true,
  };
}

function botProfile({ app, team }: Workspace) {
  return {
    id: app.botId,
    app_id: app.appId,
    user_id: app.botUserId,
    name: app.botName,
    deleted: false,
    team_id: team.id,
  };
}

export function presentUser(user: SlackUser, { team }: Workspace, withLocale: boolean) {
  const profile = { real_name: user.realName, display_name: user.name, team: user.teamId };
  const base = { id: user.id, team_id: user.teamId, name: user.name, deleted: user.account === 'deactivated', profile };
  const isBot = user.account === 'bot';
  // Slack omits nearly everything for a deactivated account.
  if (base.deleted) return { ...base, is_bot: isBot, is_app_user: false, updated: 1_700_000_000 };
  return {
    ...base,
    ...(withLocale ? { locale: user.locale } : {}),
    ...(user.enterpriseTeams === undefined ? {} : { enterprise_user: enterpriseUser(user, user.enterpriseTeams) }),
    real_name: user.realName,
    tz: 'Europe/Amsterdam',
    tz_label: 'Central European Time',
    tz_offset: 3600,
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.account === 'guest' || user.account === 'single-channel-guest',
    is_ultra_restricted: user.account === 'single-channel-guest',
    is_bot: isBot,
    is_app_user: false,
    updated: 1_700_000_000,
    is_email_confirmed: true,
    ...(user.teamId === team.id ? { who_can_share_contact_card: 'EVERYONE' } : {}),
  };
}

function enterpriseUser(user: SlackUser, teams: readonly string[]) {
  return {
    id: user.id,
    enterprise_id: 'E0WORKSHOP',
    enterprise_name: 'Workshop Grid',
    is_admin: false,
    is_owner: false,
    teams,
  };
}

export function presentChannel(channel: SlackChannel, state: StandInState) {
  if (channel.kind === 'im') {
    return { id: channel.id, created: 1_700_000_000, is_im: true, is_open: true, user: channel.members[0] };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    // True for private channels as well, which Slack presented as groups before March 2021.
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    is_archived: channel.isArchived,
    is_general: false,
    is_member: state.conversations.hasBot(channel),
    created: 1_700_000_000,
    creator: channel.members[0],
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    context_team_id: state.workspace.team.id,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}

export function presentUserGroup(group: SlackUserGroup, { team }: Workspace, withUsers: boolean) {
  return {
    id: group.id,
    team_id: team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: 1_700_000_000,
    date_update: 1_700_000_000,
    date_delete: group.isDisabled ? 1_700_000_001 : 0,
    auto_type: null,
    user_count: group.users.length,
    ...(withUsers ? { users: group.users } : {}),
  };
}
