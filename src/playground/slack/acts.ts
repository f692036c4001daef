import { type Clickable, OptionsAnswer, optionsOf } from './blocks/elements.ts';
import { offeredValues } from './blocks/input-value.ts';
import { clickablesIn, flatten } from './blocks/inside-blocks.ts';
import {
  appHomeOpened,
  appMention,
  blockSuggestionPayload,
  eventPayload,
  globalShortcutPayload,
  messageShortcutPayload,
} from './delivery/event-payloads.ts';
import { blockActionsPayload, slashCommandPayload, viewSubmissionPayload } from './delivery/payloads.ts';
import type { PreparedEvent, PreparedRequest } from './delivery/prepared-request.ts';
import type { DeliveryResult, Interaction, SendOptions, Transport } from './delivery/transport.ts';
import type { StandInState } from './state.ts';
import type { SlackMessage } from './stores/message-store.ts';
import type { ResponseUrls } from './stores/response-urls.ts';
import type { OpenView } from './stores/view-store.ts';
import { takeCommandAnswer } from './take-command-answer.ts';
import { takeFormAnswer } from './take-form-answer.ts';
import type { SlackChannel, SlackUser } from './workspace.ts';

export type SlashCommand = {
  readonly user: string;
  readonly channel: string;
  /** The text typed after the command. */
  readonly text: string;
  /** Default `/registry`. */
  readonly command?: string;
};

export type Click = {
  readonly user: string;
  readonly channel: string;
  /** The message with the button. */
  readonly ts: string;
  readonly actionId: string;
  /** If several buttons have the same `actionId`: the one with this value. For menus: the option to pick. */
  readonly value?: string;
  /** The index in `versions` of the version that the person clicks on. Default: the newest. */
  readonly version?: number;
};

export type ViewSubmission = {
  readonly user: string;
  readonly viewId: string;
  /** The text typed into each field, by block id and action id. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

export type Mention = {
  readonly user: string;
  readonly channel: string;
  /** What is typed; the bot's name in it becomes the mention. */
  readonly text: string;
  readonly threadTs?: string;
};

export type Shortcut = { readonly user: string; readonly callbackId: string };
export type MessageShortcut = Shortcut & { readonly channel: string; readonly ts: string };

export type MenuQuery = {
  readonly user: string;
  readonly viewId: string;
  readonly blockId: string;
  readonly actionId: string;
  /** What is typed into the menu. */
  readonly value: string;
};

/** The actions of people in the workspace: each becomes the request that Slack sends to the bot. */
export class Acts {
  readonly #state: StandInState;
  readonly #responseUrls: ResponseUrls;
  readonly #transport: () => Transport;

  constructor(state: StandInState, responseUrls: ResponseUrls, transport: () => Transport) {
    this.#state = state;
    this.#responseUrls = responseUrls;
    this.#transport = transport;
  }

  slashCommand(act: SlashCommand): PreparedRequest {
    const user = this.#user(act.user);
    const channel = this.#channelOf(user, act.channel);
    const target = { user: user.id, channel: channel.id, threadTs: null, messageTs: null };
    const handles = { responseUrl: this.#responseUrls.issue(target), triggerId: this.#state.triggers.issue(user.id) };
    const command = { command: act.command ?? '/registry', text: act.text };
    const payload = slashCommandPayload(this.#state, user, channel, command, handles);
    return this.#prepare({ kind: 'slash_commands', payload }, handles, (result) =>
      takeCommandAnswer(result, target, this.#state),
    );
  }

  click(act: Click): PreparedRequest {
    const user = this.#user(act.user);
    const channel = this.#channelOf(user, act.channel);
    const message = this.#seenMessage(act);
    const target = { user: user.id, channel: channel.id, threadTs: message.threadTs, messageTs: message.ts };
    const handles = { responseUrl: this.#responseUrls.issue(target), triggerId: this.#state.triggers.issue(user.id) };
    const element = findElement(message, act);
    const payload = blockActionsPayload(this.#state, user, channel, message, element, handles);
    return this.#prepare({ kind: 'interactive', payload }, handles, () => {});
  }

  submitView(act: ViewSubmission): PreparedRequest {
    const user = this.#user(act.user);
    const open = this.#openView(user, act.viewId);
    const triggerId = this.#state.triggers.issue(user.id);
    const payload = viewSubmissionPayload(this.#state, user, open, act.values, triggerId);
    return this.#prepare({ kind: 'interactive', payload }, { triggerId, responseUrl: null }, (result) =>
      takeFormAnswer(result, open, this.#state),
    );
  }

  /** Writes a message that mentions the bot. Slack tells a bot only of channels that it is in. */
  mention(act: Mention): PreparedEvent {
    const { workspace, scopes, messages } = this.#state;
    const user = this.#user(act.user);
    const channel = this.#channelOf(user, act.channel);
    const { botName, botUserId } = workspace.app;
    if (!scopes.has('app_mentions:read')) throw new Error('without app_mentions:read the bot hears of no mention');
    if (!channel.members.includes(botUserId)) throw new Error(`the bot is not in #${channel.name}`);
    const text = act.text.replace(`@${botName}`, `<@${botUserId}>`);
    const content = { text, blocks: [], metadata: null };
    const threadTs = act.threadTs ?? null;
    const message = messages.post({ channel: channel.id, user: user.id, threadTs, isBroadcast: false, ...content });
    return this.#event(appMention(message, user));
  }

  openHome(act: { readonly user: string; readonly tab?: 'home' | 'messages' }): PreparedEvent {
    return this.#event(appHomeOpened(this.#user(act.user), act.tab ?? 'home', this.#state.messages.nextTs()));
  }

  shortcut(act: Shortcut): PreparedRequest {
    const user = this.#user(act.user);
    const triggerId = this.#state.triggers.issue(user.id);
    const payload = globalShortcutPayload(this.#state, user, act.callbackId, triggerId);
    return this.#prepare({ kind: 'interactive', payload }, { triggerId, responseUrl: null }, () => {});
  }

  messageShortcut(act: MessageShortcut): PreparedRequest {
    const user = this.#user(act.user);
    const channel = this.#channelOf(user, act.channel);
    const message = this.#seenMessage(act);
    const target = { user: user.id, channel: channel.id, threadTs: null, messageTs: message.ts };
    const means = { responseUrl: this.#responseUrls.issue(target), triggerId: this.#state.triggers.issue(user.id) };
    const about = { channel, message, callbackId: act.callbackId };
    const payload = messageShortcutPayload(this.#state, user, about, means);
    return this.#prepare({ kind: 'interactive', payload }, means, () => {});
  }

  /** Types into a menu whose options the bot is asked for. Resolves to the values of those that it offers. */
  async queryMenu(act: MenuQuery): Promise<readonly string[]> {
    const user = this.#user(act.user);
    const payload = blockSuggestionPayload(this.#state, user, this.#openView(user, act.viewId), act);
    const { body } = await this.#transport().send({ kind: 'interactive', payload }, {});
    return offeredValues(OptionsAnswer.parse(body));
  }

  #event(event: Readonly<Record<string, unknown>>): PreparedEvent {
    const payload = eventPayload(this.#state, event);
    return {
      eventId: payload.event_id,
      send: (options: SendOptions = {}) => this.#transport().send({ kind: 'events_api', payload }, options),
    };
  }

  #openView(user: SlackUser, viewId: string): OpenView {
    const open = this.#state.views.find(viewId);
    if (open === undefined || open.userId !== user.id) throw new Error(`${user.name} has no view ${viewId} open`);
    return open;
  }

  #prepare(
    interaction: Interaction,
    handles: { readonly triggerId: string; readonly responseUrl: string | null },
    afterwards: (result: DeliveryResult) => void,
  ): PreparedRequest {
    return {
      ...handles,
      send: async (options: SendOptions = {}) => {
        const result = await this.#transport().send(interaction, options);
        afterwards(result);
        return result;
      },
    };
  }

  #user(id: string): SlackUser {
    const user = this.#state.workspace.users.find((candidate) => candidate.id === id);
    if (user === undefined) throw new Error(`the stand-in's workspace has no user ${id}`);
    return user;
  }

  #channelOf(user: SlackUser, id: string): SlackChannel {
    const channel = this.#state.conversations.find(id);
    if (channel === undefined) throw new Error(`the stand-in's workspace has no channel ${id}`);
    if (!channel.members.includes(user.id)) throw new Error(`${user.name} is not in #${channel.name}`);
    return channel;
  }

  #seenMessage({ channel, ts, version }: Pick<Click, 'channel' | 'ts' | 'version'>): SlackMessage {
    const message = this.#state.messages.find(channel, ts);
    if (message === undefined) throw new Error(`there is no message ${ts} in ${channel}`);
    const seen = version === undefined ? message : message.versions.at(version);
    if (seen === undefined) throw new Error(`message ${ts} has no version ${version}`);
    return { ...message, ...seen };
  }
}

function findElement(message: SlackMessage, { actionId, value }: Click) {
  const placed = flatten(message.blocks).flatMap(({ block }) =>
    clickablesIn(block).map((element) => ({ element, blockId: block.block_id ?? '', selectedValue: value })),
  );
  const found = placed.find(({ element }) => element.action_id === actionId && hasValue(element, value));
  if (found !== undefined) return found;
  const offered = placed.map(({ element }) => element.action_id).join(', ') || 'nothing';
  throw new Error(`message ${message.ts} has no ${actionId} to click on; it offers ${offered}`);
}

function hasValue(element: Clickable, value: string | undefined): boolean {
  if (value === undefined) return true;
  return element.type === 'button'
    ? element.value === value
    : optionsOf(element).some((option) => option.value === value);
}
