import type { ChangeFeed } from './change-feed.ts';
import type { MessageContent } from './message-store.ts';

/** A message that one person sees, and only until the client is reloaded. */
export type EphemeralMessage = MessageContent & {
  readonly ts: string;
  readonly user: string;
  readonly channel: string;
  readonly threadTs: string | null;
  readonly via: 'chat.postEphemeral' | 'response_url' | 'answer to the request';
  /** Of the request that it answers. Null: it came another way. */
  readonly responseUrl: string | null;
};

export class EphemeralStore {
  readonly #messages: EphemeralMessage[] = [];
  readonly #feed: ChangeFeed;

  constructor(feed: ChangeFeed) {
    this.#feed = feed;
  }

  add(message: EphemeralMessage): void {
    this.#messages.push(message);
    this.#feed.notify();
  }

  /** The private messages to one person, oldest first. */
  of(user: string): readonly EphemeralMessage[] {
    return this.#messages.filter((message) => message.user === user);
  }

  all(): readonly EphemeralMessage[] {
    return this.#messages;
  }
}
