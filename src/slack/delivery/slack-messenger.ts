import type { WebClient } from '@slack/web-api';
import type { SlackFailure } from '../../model/record/slack-failure.ts';
import type { Words } from '../../words/index.ts';
import type { Delivery, Log, Messenger, PendingMessage } from '../../workflow/ports.ts';
import type { Card } from '../cards/card.ts';
import { cardFor } from '../cards/card-for.ts';
import type { SlackClients } from '../connection/slack-clients.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import { findEarlierPost, messageMetadata } from './earlier-post.ts';

/** Codes that Slack repeats however often it is asked: the message itself, or its thread, is not acceptable. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'thread_not_found',
  'cannot_reply_to_message',
  'restricted_action_thread_locked',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'metadata_too_large',
]);

/** Slack rejected the blocks. The text without them might be accepted. */
const BLOCK_CODES: ReadonlySet<string> = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long']);

/** Our message is gone or can't be edited any more. The thread gets a new one rather than none. */
const LOST_MESSAGE_CODES: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
]);

const RETRY_AFTER_MS = { noAnswer: 5_000, refused: 60_000, waitsForThread: 1_000 } as const;

/** Posts and edits the messages of the outbox in Slack, each once, however often it is tried. */
export class SlackMessenger implements Messenger {
  readonly #clients: SlackClients;
  readonly #log: Log;
  readonly #words: Words;

  constructor(clients: SlackClients, log: Log, words: Words) {
    this.#words = words;
    this.#clients = clients;
    this.#log = log;
  }

  async deliver(message: PendingMessage): Promise<Delivery> {
    if (message.placement === 'thread' && message.threadTs === null) {
      return {
        kind: 'retry',
        afterMs: RETRY_AFTER_MS.waitsForThread,
        why: { kind: 'no-channel-message' },
      };
    }
    const card = cardFor(message.body, this.#words);
    const delivery = await this.#try(message, card);
    if (delivery.kind !== 'refused' || !BLOCK_CODES.has(delivery.why.code)) return delivery;
    this.#log.error(
      { key: message.key, code: delivery.why.code },
      'Slack does not take this card; sending its text alone',
    );
    return this.#try(message, { text: card.text, blocks: [] });
  }

  async #try(message: PendingMessage, card: Card): Promise<Attempt> {
    const client = message.body.kind === 'plan' ? this.#clients.approvals : this.#clients.messages;
    try {
      return { kind: 'delivered', ts: await put(client, message, card) };
    } catch (error) {
      return attemptAfter(slackFailure(error));
    }
  }
}

type Attempt =
  | Exclude<Delivery, { kind: 'refused' }>
  | { readonly kind: 'refused'; readonly why: Extract<SlackFailure, { kind: 'refused' }> };

/**
 * Temporary failures are retried: a limit, an outage, or a token or channel that someone will fix (by inviting the bot,
 * or unarchiving the channel). A message can be late but is not lost. Other failures are final.
 */
function attemptAfter(failure: SlackFailure): Attempt {
  switch (failure.kind) {
    case 'rate-limited':
      return { kind: 'retry', afterMs: failure.afterMs, why: failure };
    case 'no-answer':
      return { kind: 'retry', afterMs: RETRY_AFTER_MS.noAnswer, why: failure };
    case 'refused':
      return FINAL_CODES.has(failure.code)
        ? { kind: 'refused', why: failure }
        : { kind: 'retry', afterMs: RETRY_AFTER_MS.refused, why: failure };
  }
}

/** Edits the message if Slack has it, otherwise posts it. Resolves to its `ts`. */
async function put(client: WebClient, message: PendingMessage, card: Card): Promise<string> {
  const ts = message.ts ?? (message.maybePosted ? await findEarlierPost(client, message) : null);
  if (ts === null) return post(client, message, card);
  if (await edit(client, message, ts, card)) return ts;
  // Without its known `ts`, an earlier attempt to replace the lost message is searched for before another one is
  // posted.
  return message.ts === null ? post(client, message, card) : put(client, { ...message, ts: null }, card);
}

/** False if the message is lost: deleted, or no longer ours. */
async function edit(client: WebClient, message: PendingMessage, ts: string, card: Card): Promise<boolean> {
  try {
    await client.chat.update({ channel: message.channel, ts, ...contentOf(message, card) });
    return true;
  } catch (error) {
    const failure = slackFailure(error);
    if (failure.kind === 'refused' && LOST_MESSAGE_CODES.has(failure.code)) return false;
    throw error;
  }
}

async function post(client: WebClient, message: PendingMessage, card: Card): Promise<string> {
  const { ts } = await client.chat.postMessage({
    channel: message.channel,
    ...(message.placement === 'thread' && message.threadTs !== null ? { thread_ts: message.threadTs } : {}),
    ...contentOf(message, card),
    unfurl_links: false,
    unfurl_media: false,
  });
  if (ts === undefined) throw new Error('the answer to chat.postMessage has no ts');
  return ts;
}

/** `parse: none`: Slack does not turn text that looks like a link into one. */
function contentOf(message: PendingMessage, card: Card) {
  return {
    text: card.text,
    blocks: [...card.blocks],
    metadata: messageMetadata(message.key),
    parse: 'none',
    link_names: false,
  } as const;
}
