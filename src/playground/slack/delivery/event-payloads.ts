import { randomBytes } from 'node:crypto';
import { presentMessage } from '../api/present.ts';
import { presentView } from '../api/views-methods.ts';
import type { StandInState } from '../state.ts';
import type { SlackMessage } from '../stores/message-store.ts';
import type { OpenView } from '../stores/view-store.ts';
import type { SlackChannel, SlackUser } from '../workspace.ts';
import { commonFields, nameSent, type ReplyHandles, VERIFICATION_TOKEN } from './payloads.ts';

/** https://docs.slack.dev/apis/events-api/#event-type-structure */
export function eventPayload({ workspace: { team, app } }: StandInState, event: Readonly<Record<string, unknown>>) {
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    api_app_id: app.appId,
    event,
    type: 'event_callback',
    event_id: `Ev0${randomBytes(8).toString('hex').toUpperCase()}`,
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
  };
}

/** https://docs.slack.dev/reference/events/app_mention */
export function appMention(message: SlackMessage, author: SlackUser) {
  return {
    type: 'app_mention',
    user: author.id,
    ...(author.account === 'bot' ? { bot_id: `B0${author.id}` } : {}),
    text: message.text,
    ts: message.ts,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    channel: message.channel,
    event_ts: message.ts,
    team: author.teamId,
  };
}

/** https://docs.slack.dev/reference/events/app_home_opened */
export function appHomeOpened(user: SlackUser, tab: 'home' | 'messages', at: string) {
  return { type: 'app_home_opened', user: user.id, channel: `D0${user.id}`, tab, event_ts: at };
}

/** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export function globalShortcutPayload(
  state: StandInState,
  user: SlackUser,
  callbackId: string,
  triggerId: string,
): Record<string, unknown> {
  const actionTs = state.messages.nextTs();
  return {
    ...commonFields(state, user),
    type: 'shortcut',
    action_ts: actionTs,
    callback_id: callbackId,
    trigger_id: triggerId,
  };
}

/** The same of a message, with a response_url. */
export function messageShortcutPayload(
  state: StandInState,
  user: SlackUser,
  about: { readonly channel: SlackChannel; readonly message: SlackMessage; readonly callbackId: string },
  means: ReplyHandles,
): Record<string, unknown> {
  const { channel, message, callbackId } = about;
  return {
    ...globalShortcutPayload(state, user, callbackId, means.triggerId),
    type: 'message_action',
    response_url: means.responseUrl,
    message_ts: message.ts,
    channel: { id: channel.id, name: nameSent(channel) },
    message: presentMessage(message, state, true),
  };
}

/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select */
export function blockSuggestionPayload(
  state: StandInState,
  user: SlackUser,
  open: OpenView,
  typed: { readonly blockId: string; readonly actionId: string; readonly value: string },
): Record<string, unknown> {
  return {
    ...commonFields(state, user),
    type: 'block_suggestion',
    container: { type: 'view', view_id: open.id },
    view: presentView(open, state),
    action_id: typed.actionId,
    block_id: typed.blockId,
    value: typed.value,
  };
}
