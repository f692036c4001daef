import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { ChannelId } from '../../model/record/ids.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import { ExpiringCache } from './expiring-cache.ts';

const TTL_MS = 60_000;

/** `direct`: direct messages of one person or a group. An incident is not a private matter. */
export type Membership = 'member' | 'not-member' | 'direct' | 'unknown';

/** Whether the bot can post in a conversation. `member` is cached for a minute. Other answers are not cached. */
export class ChannelMembership {
  readonly #client: WebClient;
  readonly #log: Log;
  readonly #known: ExpiringCache<Membership>;

  constructor(client: WebClient, log: Log, now?: () => number) {
    this.#client = client;
    this.#log = log;
    this.#known = new ExpiringCache(TTL_MS, now);
  }

  of(channel: ChannelId): Promise<Membership> {
    if (channel.startsWith('D')) return Promise.resolve('direct');
    return this.#known.get(channel, async () => {
      const value = await this.#ask(channel);
      return { value, keep: value === 'member' };
    });
  }

  async #ask(channel: ChannelId): Promise<Membership> {
    try {
      const { channel: conversation } = await this.#client.conversations.info({ channel });
      return conversation?.is_member === true ? 'member' : 'not-member';
    } catch (error) {
      if (needsGroupScope(error)) return 'direct';
      const failure = slackFailure(error);
      if (failure.kind === 'refused' && failure.code === 'channel_not_found') return 'not-member';
      this.#log.warn({ channel, failure }, 'cannot tell whether the bot is in this channel');
      return 'unknown';
    }
  }
}

/** Slack names the scope that it misses. The one for a group's direct messages is never requested. */
function needsGroupScope(error: unknown): boolean {
  if (!(error instanceof WebAPIPlatformError) || error.data.error !== 'missing_scope') return false;
  const needed: unknown = Reflect.get(error.data, 'needed');
  return typeof needed === 'string' && needed.split(',').includes('mpim:read');
}
