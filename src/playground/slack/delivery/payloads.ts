import { presentMessage } from '../api/present.ts';
import { presentView } from '../api/views-methods.ts';
import { type Clickable, optionsOf } from '../blocks/elements.ts';
import { inputValue } from '../blocks/input-value.ts';
import type { StandInState } from '../state.ts';
import type { SlackMessage } from '../stores/message-store.ts';
import type { OpenView } from '../stores/view-store.ts';
import type { SlackChannel, SlackUser } from '../workspace.ts';

/** The legacy verification token. Slack still sends it, but bots must not rely on it. */
export const VERIFICATION_TOKEN = 'stand-in-verification-token';

/** The URL and the trigger id with which the bot can answer a person's action. */
export type ReplyHandles = { readonly responseUrl: string; readonly triggerId: string };

/** https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export function slashCommandPayload(
  state: StandInState,
  user: SlackUser,
  channel: SlackChannel,
  command: { readonly command: string; readonly text: string },
  handles: ReplyHandles,
): Record<string, string> {
  const { team, app } = state.workspace;
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: nameSent(channel),
    user_id: user.id,
    user_name: user.name,
    command: command.command,
    text: command.text,
    api_app_id: app.appId,
    is_enterprise_install: 'false',
    response_url: handles.responseUrl,
    trigger_id: handles.triggerId,
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function blockActionsPayload(
  state: StandInState,
  user: SlackUser,
  channel: SlackChannel,
  message: SlackMessage,
  clicked: { readonly element: Clickable; readonly blockId: string; readonly selectedValue: string | undefined },
  handles: ReplyHandles,
): Record<string, unknown> {
  return {
    ...commonFields(state, user),
    type: 'block_actions',
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: false,
      ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    },
    trigger_id: handles.triggerId,
    channel: { id: channel.id, name: nameSent(channel) },
    message: presentMessage(message, state, true),
    state: { values: {} },
    response_url: handles.responseUrl,
    actions: [actionOf(clicked.element, clicked.blockId, clicked.selectedValue, state.messages.nextTs())],
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function viewSubmissionPayload(
  state: StandInState,
  user: SlackUser,
  view: OpenView,
  values: Readonly<Record<string, Readonly<Record<string, string>>>>,
  triggerId: string,
): Record<string, unknown> {
  const filled = Object.entries(values).map(([blockId, inputs]) => [
    blockId,
    Object.fromEntries(
      Object.entries(inputs).map(([actionId, value]) => [actionId, inputValue(view.view, blockId, actionId, value)]),
    ),
  ]);
  return {
    ...commonFields(state, user),
    type: 'view_submission',
    trigger_id: triggerId,
    view: { ...presentView(view, state), state: { values: Object.fromEntries(filled) } },
    response_urls: [],
  };
}

/**
 * The channel name as Slack sends it in a payload: `privategroup` in place of a private channel's real name. A group
 * direct message keeps its name, `mpdm-…`.
 */
export function nameSent({ kind, name }: SlackChannel): string {
  return kind === 'private' ? 'privategroup' : name;
}

export function commonFields({ workspace: { team, app } }: StandInState, user: SlackUser) {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: app.appId,
    token: VERIFICATION_TOKEN,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

function actionOf(element: Clickable, blockId: string, selectedValue: string | undefined, actionTs: string) {
  const base = { type: element.type, action_id: element.action_id, block_id: blockId, action_ts: actionTs };
  if (element.type !== 'button') {
    const selected = optionsOf(element).find((option) => option.value === selectedValue);
    if (selected === undefined) throw new Error(`${element.action_id} has no option with the value ${selectedValue}`);
    return { ...base, selected_option: selected };
  }
  const { text, value, style, url, confirm } = element;
  return {
    ...base,
    text: { emoji: true, ...text },
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
    ...(url === undefined ? {} : { url }),
    ...(confirm === undefined ? {} : { confirm }),
  };
}
