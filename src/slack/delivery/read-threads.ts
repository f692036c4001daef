import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { notesIn } from '../../hash/checkpoint.ts';
import type { ChannelId } from '../../model/record/ids.ts';
import type { SlackFailure, SlackUnread } from '../../model/record/messages/slack-failure.ts';
import type { ShownMessage, SlackPost, SlackReading } from '../../workflow/ports/audit-trail.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import { readMetadata } from './earlier-post.ts';
import { shownDigest } from './shown-digest.ts';

const PAGE_SIZE = 200;
/** A listing that goes on for longer than this is not one of Slack's. */
const MAX_PAGES = 2_000;
const MAX_TRIES = 5;
const RETRY_MS = 500;
/** Slack's ids are times: what was posted a little before the first message of the record can belong to it too. */
const MARGIN_SECONDS = 600;

const Post = z.object({
  ts: z.string(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  edited: z.unknown().optional(),
  attachments: z.array(z.object({ from_url: z.string().optional() })).optional(),
  files: z.array(z.unknown()).optional(),
  reply_count: z.number().optional(),
  metadata: z.object({ event_type: z.string(), event_payload: z.unknown().optional() }).optional(),
});
type Post = z.infer<typeof Post>;
const Page = z.object({
  messages: z.array(Post),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** What the bot's posts have of these; others' posts, and Slack's own about a channel, are not the bot's. */
const SUBTYPES: readonly (string | undefined)[] = [undefined, 'bot_message', 'thread_broadcast', 'file_share'];

/**
 * Reads all posts of the bot in the channels and threads of the record's messages, and in the incident channel since the first of them.
 * Waits as long as Slack asks to. Never rejects: what Slack does not show is told, with the reason.
 */
export async function readThreads(
  client: WebClient,
  before: readonly ShownMessage[],
  incidentChannel: ChannelId,
): Promise<SlackReading> {
  const posted = before.filter(({ ts }) => ts !== null);
  const channels = [...new Set([incidentChannel, ...posted.map(({ channel }) => channel)])];
  const reading = new Reading(client, new Set(posted.map(({ channel, ts }) => `${channel} ${ts}`)));
  const isKnown = await reading.findOwnId();
  if (isKnown.kind === 'failed') {
    return { before, posts: [], unread: channels.map((channel) => ({ channel, thread: null, why: isKnown.why })) };
  }
  for (const channel of channels) {
    const ofChannel = posted.filter((message) => message.channel === channel);
    const roots = ofChannel.flatMap(({ thread }) => thread ?? []);
    await reading.readChannel(channel, { roots, oldest: oldestOf(ofChannel) });
  }
  return { before, posts: [...reading.posts.values()], unread: reading.unread };
}

function oldestOf(messages: readonly ShownMessage[]): string {
  const first = messages.map(({ ts }) => Number(ts)).toSorted((a, b) => a - b)[0];
  return first === undefined ? '0' : String(Math.max(0, Math.floor(first) - MARGIN_SECONDS));
}

type Failed = { readonly kind: 'failed'; readonly why: SlackFailure };

class Reading {
  readonly posts = new Map<string, SlackPost>();
  readonly unread: SlackUnread[] = [];
  readonly #client: WebClient;
  /** Where the record has a message. */
  readonly #known: ReadonlySet<string>;
  #ownIds: readonly (string | undefined)[] = [];

  constructor(client: WebClient, known: ReadonlySet<string>) {
    this.#client = client;
    this.#known = known;
  }

  async findOwnId(): Promise<{ readonly kind: 'found' } | Failed> {
    try {
      const { user_id, bot_id } = await patiently(() => this.#client.auth.test());
      this.#ownIds = [user_id, bot_id].filter((id) => id !== undefined);
      return { kind: 'found' };
    } catch (error) {
      return { kind: 'failed', why: slackFailure(error) };
    }
  }

  async readChannel(
    channel: string,
    { roots, oldest }: { readonly roots: readonly string[]; readonly oldest: string },
  ): Promise<void> {
    const threads = new Set(roots);
    const history = (paging: Paging) => this.#client.conversations.history({ ...paging, channel, oldest });
    const isRead = await this.#read({ channel, thread: null }, history, (post) => {
      if (this.#isOwn(post) && (post.reply_count ?? 0) > 0) threads.add(post.ts);
    });
    if (!isRead) return;
    for (const thread of threads) {
      const replies = (paging: Paging) => this.#client.conversations.replies({ ...paging, channel, ts: thread });
      await this.#read({ channel, thread }, replies, () => {});
    }
  }

  async #read(
    place: Omit<SlackUnread, 'why'>,
    readPage: (paging: Paging) => Promise<unknown>,
    each: (post: Post) => void,
  ): Promise<boolean> {
    try {
      for await (const post of postsOf(readPage)) {
        each(post);
        this.#take(place.channel, post);
      }
      return true;
    } catch (error) {
      const why = error instanceof z.ZodError ? NOT_SLACK : slackFailure(error);
      // Its first message was deleted, so nothing of it is shown.
      if (why.kind === 'refused' && why.code === 'thread_not_found') return true;
      this.unread.push({ ...place, why });
      return false;
    }
  }

  #isOwn({ user, bot_id, subtype }: Post): boolean {
    return SUBTYPES.includes(subtype) && [user, bot_id].some((id) => id !== undefined && this.#ownIds.includes(id));
  }

  #take(channel: string, post: Post): void {
    const place = `${channel} ${post.ts}`;
    const metadata = readMetadata(post.metadata);
    if (!this.#isOwn(post) || (isOnlyFile(post) && !this.#known.has(place))) return;
    const { keys, marks } = metadata ?? { keys: [], marks: [] };
    const isCheckpoint = keys.some((key) => key.startsWith('checkpoint:'));
    this.posts.set(place, {
      ...{ channel, ts: post.ts, keys, marks },
      shown: shownDigest({ blocks: post.blocks, ...(post.text === undefined ? {} : { text: post.text }) }),
      isEdited: post.edited !== undefined,
      // Slack finds some itself behind a link.
      hasAttachment: post.attachments?.some(({ from_url }) => from_url === undefined) === true,
      checkpoints: isCheckpoint ? notesIn(post.text ?? '') : [],
    });
  }
}

/** The file of a long plan is no message of the record. */
function isOnlyFile({ files = [], text = '', blocks, metadata }: Post): boolean {
  return files.length > 0 && text === '' && blocks === undefined && metadata === undefined;
}

const NOT_SLACK: SlackFailure = { kind: 'no-answer', why: { code: 'not-slack' } };

type Paging = { readonly limit: number; readonly include_all_metadata: true; readonly cursor?: string };

async function* postsOf(readPage: (paging: Paging) => Promise<unknown>): AsyncGenerator<Post> {
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const paging = { limit: PAGE_SIZE, include_all_metadata: true, ...(cursor === '' ? {} : { cursor }) } as const;
    const { messages, response_metadata } = Page.parse(await patiently(() => readPage(paging)));
    yield* messages;
    cursor = response_metadata?.next_cursor ?? '';
    if (cursor === '') return;
  }
  throw new z.ZodError([]);
}

/** Waits and tries again if Slack asks to wait, or does not answer. A refusal is final. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const failure = slackFailure(error);
      if (failure.kind === 'refused' || tries === MAX_TRIES) throw error;
      await sleep(failure.kind === 'rate-limited' ? failure.afterMs : RETRY_MS);
    }
  }
}
