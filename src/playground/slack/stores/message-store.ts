import { fillIds } from '../blocks/fill-ids.ts';
import type { MessageBlock } from '../blocks/layout.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { SlackFile } from './file-store.ts';

/** The content of a message. */
export type MessageContent = {
  readonly text: string;
  readonly blocks: readonly MessageBlock[];
  readonly metadata: MessageMetadata | null;
};

export type MessageMetadata = {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
};

/** A message in a channel, with all its earlier versions. */
export type SlackMessage = MessageContent & {
  readonly channel: string;
  readonly ts: string;
  /** The `ts` of the thread's first message, for replies. Null for messages in the channel itself. */
  readonly threadTs: string | null;
  /** The user id of its author. */
  readonly user: string;
  /** Replies only: shown in the channel as well. */
  readonly isBroadcast: boolean;
  /** Absent: none. */
  readonly files?: readonly SlackFile[];
  /** Oldest first. The last one is the current content. */
  readonly versions: readonly MessageContent[];
  readonly isDeleted: boolean;
};

type NewMessage = Pick<SlackMessage, 'channel' | 'threadTs' | 'user' | 'isBroadcast' | 'files'> & MessageContent;

/** All messages of the workspace, in the order in which they were posted. */
export class MessageStore {
  readonly #messages = new Map<string, SlackMessage>();
  readonly #byChannel = new Map<string, Map<string, SlackMessage>>();
  readonly #feed: ChangeFeed;
  #lastMicros = 0;
  #lastId = 0;

  constructor(feed: ChangeFeed) {
    this.#feed = feed;
  }

  post(message: NewMessage): SlackMessage {
    const content = this.#kept(message);
    const stored = { ...message, ...content, ts: this.nextTs(), versions: [content], isDeleted: false };
    return this.#put(stored);
  }

  edit(message: SlackMessage, content: MessageContent): SlackMessage {
    const kept = this.#kept(content);
    return this.#put({ ...message, ...kept, versions: [...message.versions, kept] });
  }

  delete(message: SlackMessage): void {
    this.#put({ ...message, isDeleted: true });
  }

  find(channel: string, ts: string): SlackMessage | undefined {
    const message = this.#byChannel.get(channel)?.get(ts);
    return message?.isDeleted === true ? undefined : message;
  }

  /** Messages that still exist, oldest first. */
  all(): readonly SlackMessage[] {
    return [...this.#messages.values()].filter((message) => !message.isDeleted);
  }

  /** The same of one channel. */
  inChannel(channel: string): readonly SlackMessage[] {
    return [...(this.#byChannel.get(channel)?.values() ?? [])].filter((message) => !message.isDeleted);
  }

  /** The first message of a thread and its replies, oldest first. */
  thread(channel: string, ts: string): readonly SlackMessage[] {
    return this.inChannel(channel).filter((message) => message.ts === ts || message.threadTs === ts);
  }

  /** Seconds and microseconds, unique in the workspace and increasing, like Slack's `ts` within a channel. */
  nextTs(): string {
    this.#lastMicros = Math.max(Date.now() * 1000, this.#lastMicros + 1);
    const digits = String(this.#lastMicros);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }

  #kept(content: MessageContent): MessageContent {
    const blocks = fillIds(content.blocks, () => this.#nextId());
    return { text: content.text, blocks, metadata: content.metadata };
  }

  #nextId(): string {
    this.#lastId += 1;
    return `id${this.#lastId.toString(36).padStart(4, '0')}`;
  }

  #put(message: SlackMessage): SlackMessage {
    this.#messages.set(message.ts, message);
    const channel = this.#byChannel.get(message.channel) ?? new Map<string, SlackMessage>();
    this.#byChannel.set(message.channel, channel.set(message.ts, message));
    this.#feed.notify();
    return message;
  }
}
