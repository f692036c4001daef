import type { SlackChannel, Workspace } from './workspace.ts';

/** The workspace's channels, and the direct messages opened since. */
export class Conversations {
  readonly #channels: Map<string, SlackChannel>;
  readonly #botUserId: string;

  constructor(workspace: Workspace) {
    this.#channels = new Map(workspace.channels.map((channel) => [channel.id, channel]));
    this.#botUserId = workspace.app.botUserId;
  }

  /** Finds a conversation as the bot sees it: a private channel without the bot does not exist. */
  visibleToBot(id: string): SlackChannel | undefined {
    const channel = this.#channels.get(id);
    return channel?.kind === 'private' && !this.hasBot(channel) ? undefined : channel;
  }

  find(id: string): SlackChannel | undefined {
    return this.#channels.get(id);
  }

  hasBot(channel: SlackChannel): boolean {
    return channel.members.includes(this.#botUserId);
  }

  /** Opens the direct messages between the bot and one person. */
  openDirect(userId: string): SlackChannel {
    const id = `D0${userId.slice(1)}`;
    const channel: SlackChannel = {
      id,
      name: 'directmessage',
      kind: 'im',
      isArchived: false,
      members: [userId, this.#botUserId],
    };
    this.#channels.set(id, channel);
    return channel;
  }

  /** Removes a person or the bot from a channel, or archives it, while a bot runs. */
  change(id: string, change: Partial<Pick<SlackChannel, 'isArchived' | 'members'>>): void {
    const channel = this.#channels.get(id);
    if (channel === undefined) throw new Error(`the stand-in has no channel ${id}`);
    this.#channels.set(id, { ...channel, ...change });
  }
}
