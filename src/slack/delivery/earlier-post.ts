import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { EntryMark, entryMarksIn } from '../../model/record/messages/thread-message.ts';
import type { PendingMessage } from '../../workflow/ports/messages.ts';

/**
 * The metadata that marks a post as ours, names the messages in it, and has the audit entries that it tells, with their whole hashes:
 * the post is then a witness of them. Slack does not show it.
 */
export function messageMetadata({ key, body, folded = [] }: Pick<PendingMessage, 'key' | 'body' | 'folded'>) {
  const others = folded.map((line) => ({ key: line.key }));
  const record = [body, ...folded.map((line) => line.body)].flatMap(entryMarksIn);
  const payload = {
    key,
    ...(others.length === 0 ? {} : { folded: others }),
    ...(record.length === 0 ? {} : { record }),
  };
  return { event_type: EVENT_TYPE, event_payload: payload };
}

/** What {@link messageMetadata} wrote. Null: the post is not marked as ours. */
export function readMetadata(metadata: PostMetadata | undefined) {
  if (metadata?.event_type !== EVENT_TYPE) return null;
  const { data } = Payload.safeParse(metadata.event_payload);
  return data === undefined ? null : { keys: [data.key, ...data.folded.map(({ key }) => key)], marks: data.record };
}

type PostMetadata = { readonly event_type?: string; readonly event_payload?: unknown };

const EVENT_TYPE = 'registry_doctor';
const PAGE_SIZE = 200;
/** History is newest first. A post whose response was lost is minutes old, so a few pages suffice. */
const MAX_PAGES = 10;
/** Our clock and Slack's can differ, and ours may have been wrong by hours when the message was made. */
const CLOCK_MARGIN_SECONDS = 86_400;

type Page = {
  readonly messages?: readonly {
    readonly ts?: string;
    readonly user?: string;
    readonly bot_id?: string;
    readonly metadata?: PostMetadata;
    readonly files?: readonly { readonly id?: string; readonly name?: string }[];
  }[];
  readonly response_metadata?: { readonly next_cursor?: string };
};

/**
 * The `ts` of a post of this message that reached Slack although its response was lost. Null if there is none. Rejects
 * if Slack can't say: nothing must be posted then, because it could be the second time.
 */
export function findEarlierPost(client: WebClient, message: PendingMessage): Promise<string | null> {
  return findPost(client, message, ({ metadata }) => isMarked(metadata, message.key));
}

/** A file that might be in a thread. */
export type SentFile = {
  readonly name: string;
  /** As Slack gave it when the file was announced. Null: not known (any more). */
  readonly id: string | null;
};

/**
 * The same for a file in the thread of the message. Its id says which file it is. A name does only if the bot that began the
 * thread posted the file: someone else's file of that name is not ours.
 */
export function findFile(client: WebClient, message: PendingMessage, file: SentFile): Promise<string | null> {
  let root: Post | undefined;
  return findPost(client, message, (post) => {
    if (post.ts === message.threadTs) root = post;
    const files = post.files ?? [];
    if (file.id !== null && files.some(({ id }) => id === file.id)) return true;
    return root !== undefined && isSameAuthor(root, post) && files.some(({ name }) => name === file.name);
  });
}

/** In a post with a file one of the two might be missing. */
function isSameAuthor(one: Post, other: Post): boolean {
  const isSame = (a: string | undefined, b: string | undefined) => a !== undefined && a === b;
  return isSame(one.bot_id, other.bot_id) || isSame(one.user, other.user);
}

type Post = NonNullable<Page['messages']>[number];

async function findPost(
  client: WebClient,
  message: PendingMessage,
  isIt: (post: Post) => boolean,
): Promise<string | null> {
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer: Page = await readPage(client, message, cursor);
    const found = answer.messages?.find(isIt);
    if (found?.ts) return found.ts;
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (cursor === '') return null;
  }
  return null;
}

function readPage(client: WebClient, message: PendingMessage, cursor: string): Promise<Page> {
  const { channel, placement, threadTs } = message;
  const paging = { channel, include_all_metadata: true, limit: PAGE_SIZE, ...(cursor === '' ? {} : { cursor }) };
  if (placement === 'thread' && threadTs !== null) return client.conversations.replies({ ...paging, ts: threadTs });
  return client.conversations.history({ ...paging, ...since(message) });
}

/** A channel's message says when its incident was opened. It can't have been posted before. */
function since({ body }: PendingMessage): { oldest?: string } {
  if (body.kind !== 'status' && body.kind !== 'unmonitored' && body.kind !== 'summary') return {};
  return { oldest: String(Math.floor(Date.parse(body.openedAt) / 1000) - CLOCK_MARGIN_SECONDS) };
}

function isMarked(metadata: PostMetadata | undefined, key: string): boolean {
  return readMetadata(metadata)?.keys.includes(key) === true;
}

const Payload = z.object({
  key: z.string(),
  folded: z.array(z.object({ key: z.string() })).default([]),
  record: z.array(EntryMark).catch([]),
});
