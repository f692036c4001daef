import type { Clickable } from './blocks/elements.ts';
import { clickablesIn, flatten } from './blocks/inside-blocks.ts';
import { blockActionsPayload, slashCommandPayload, viewSubmissionPayload } from './delivery/payloads.ts';
import type { PreparedRequest } from './delivery/prepared-request.ts';
import type { DeliveryResult, Interaction, SendOptions, Transport } from './delivery/transport.ts';
import type { SlackMessage } from './message-store.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { StandInState } from './state.ts';
import { takeCommandAnswer } from './take-command-answer.ts';
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
    const open = this.#state.views.find(act.viewId);
    if (open === undefined || open.userId !== user.id) throw new Error(`${user.name} has no view ${act.viewId} open`);
    const triggerId = this.#state.triggers.issue(user.id);
    const payload = viewSubmissionPayload(this.#state, user, open, act.values, triggerId);
    return this.#prepare({ kind: 'interactive', payload }, { triggerId, responseUrl: null }, () => {});
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

  #seenMessage({ channel, ts, version }: Click): SlackMessage {
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
  return element.type === 'button' ? element.value === value : element.options.some((option) => option.value === value);
}
