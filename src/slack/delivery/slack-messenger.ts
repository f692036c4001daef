import type { types } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Sha256 } from '../../model/record/ids.ts';
import type { ChannelRefusal } from '../../model/record/messages/notices.ts';
import type { SlackFailure } from '../../model/record/messages/slack-failure.ts';
import type { Words } from '../../words/index.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { Delivery, Messenger, PendingMessage, PostDoubt } from '../../workflow/ports/messages.ts';
import { cardFor, type Surroundings } from '../cards/card-for.ts';
import type { Card } from '../cards/parts/card.ts';
import { blockIdIn } from '../cards/parts/plan-block.ts';
import { recordLinesCard } from '../cards/record-card.ts';
import { StepDown } from '../cards/step-down.ts';
import type { SlackClients } from '../connection/slack-clients.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import { PeopleNames } from '../people/people-names.ts';
import { channelRefusal } from './channel-refusal.ts';
import { findEarlierPost, messageMetadata } from './earlier-post.ts';
import { FileMessenger } from './file-messenger.ts';
import { type FileSources, NO_FILES } from './make-file.ts';
import { PlanFiles } from './plan-files.ts';
import { doubtAfter } from './post-doubt.ts';
import { refusedBlocksIn } from './refused-blocks.ts';
import { shownDigest } from './shown-digest.ts';
import { SLACK_PACE } from './slack-pace.ts';

const THREAD_GONE = 'thread_not_found';

/** Codes that Slack repeats however often it is asked: the message itself, or its thread, is not acceptable. */
const FINAL_CODES: ReadonlySet<string> = new Set([
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

/** Slack rejected the blocks. Simpler ones might be accepted. */
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
  readonly pace = SLACK_PACE;
  readonly #clients: SlackClients;
  readonly #log: Log;
  readonly #words: Words;
  readonly #names: PeopleNames;

  readonly #files: FileMessenger;
  readonly #planFiles: PlanFiles;
  readonly #canPostFiles: () => boolean;

  constructor(clients: SlackClients, log: Log, words: Words, sources: FileSources = NO_FILES) {
    this.#words = words;
    this.#clients = clients;
    this.#names = new PeopleNames(clients.questions);
    this.#log = log;
    this.#files = new FileMessenger(clients.messages, log, words, sources);
    this.#planFiles = new PlanFiles(clients.approvals, log, words, sources);
    this.#canPostFiles = sources.canPost;
  }

  async deliver(pending: PendingMessage): Promise<Delivery> {
    const message = await this.#withNames(pending);
    if (message.placement === 'thread' && message.threadTs === null) {
      return {
        kind: 'retry',
        afterMs: RETRY_AFTER_MS.waitsForThread,
        why: { kind: 'no-channel-message' },
        doubt: message.maybePosted ? 'maybe-posted' : 'not-posted',
      };
    }
    const { body, threadTs } = message;
    if (threadTs !== null && body.kind === 'file') return this.#files.deliver({ ...message, body, threadTs });
    const forPlan = threadTs !== null && body.kind === 'plan' ? { ...message, body, threadTs } : null;
    const file = forPlan === null ? NO_FILE : await this.#planFiles.fileFor(forPlan);
    if (file.kind === 'retry') return { ...file, doubt: message.maybePosted ? 'maybe-posted' : 'not-posted' };
    const around = { canPostFiles: this.#canPostFiles(), planFile: file.kind === 'file' ? file.file : null };
    const delivery = await this.#deliverSteppingDown(message, StepDown.of(cardOf(message, this.#words, around)));
    if (delivery.kind !== 'delivered' || file.outcome === null) return delivery;
    return { ...delivery, planFile: file.outcome };
  }

  /** In quiet hours people on call are named, and not mentioned. */
  async #withNames(message: PendingMessage): Promise<PendingMessage> {
    const { body } = message;
    if (!('onCall' in body) || body.onCall?.isQuiet !== true) return message;
    const names = await this.#names.namesOf(body.onCall);
    return { ...message, body: { ...body, onCall: { ...body.onCall, names } } };
  }

  /** Delivers a card, and again in a simpler layout each time that Slack refuses its blocks. */
  async #deliverSteppingDown(message: PendingMessage, form: StepDown): Promise<Delivery> {
    const { attempt, refusedBlocks } = await this.#try(message, form.render(message.body, this.#words));
    if (attempt.kind !== 'refused' || !BLOCK_CODES.has(attempt.why.code)) return attempt;
    const { code } = attempt.why;
    this.#log.error(
      { key: message.key, code, refusedBlocks },
      'Slack does not take this card; sending it in a simpler form',
    );
    const simpler = form.after({ code, indices: refusedBlocks });
    return simpler === null ? attempt : this.#deliverSteppingDown(message, simpler);
  }

  async #try(message: PendingMessage, card: Card): Promise<{ attempt: Attempt; refusedBlocks: readonly number[] }> {
    const client = message.body.kind === 'plan' ? this.#clients.approvals : this.#clients.messages;
    const doubt = message.maybePosted ? await lookForPost(client, message) : { kind: 'none' as const };
    if (doubt.kind === 'failed') return { attempt: attemptAfter(doubt.why, 'maybe-posted'), refusedBlocks: [] };
    if (doubt.kind === 'found' && isNeverEdited(message)) return delivered(doubt.ts);
    const ts = doubt.kind === 'found' ? doubt.ts : message.ts;
    try {
      return delivered(await put(client, { ...message, ts }, card), shownDigest(card));
    } catch (error) {
      const failure = slackFailure(error instanceof LookUpFailed ? error.cause : error);
      const isLimited = failure.kind === 'rate-limited' && !(error instanceof LookUpFailed);
      // A failed edit of a post whose `ts` the outbox does not know leaves the doubt.
      const attempt = attemptAfter(failure, ts === null ? doubtAfter(failure) : 'maybe-posted');
      return {
        attempt: attempt.kind === 'retry' && isLimited ? { ...attempt, pausesChannel: true } : attempt,
        refusedBlocks: refusedBlocksIn(error),
      };
    }
  }
}

/** `shown`: the digest of what was sent. Absent: an earlier attempt sent it, perhaps with other lines. */
function delivered(ts: string, shown?: Sha256) {
  const attempt = { kind: 'delivered' as const, ts, ...(shown === undefined ? {} : { shown }) };
  return { attempt, refusedBlocks: [] };
}

/**
 * Whether the message is an audit record line or a checkpoint. It is posted once and never edited: a post found in Slack
 * can hold other lines, too.
 */
function isNeverEdited({ body }: PendingMessage): boolean {
  return body.kind === 'record' || body.kind === 'checkpoint';
}

const NO_FILE = { kind: 'none', outcome: null } as const;

function cardOf({ body, folded = [] }: PendingMessage, words: Words, around: Surroundings): Card {
  if (body.kind !== 'record' || folded.length === 0) return cardFor(body, words, around);
  return recordLinesCard([body, ...folded.map((line) => line.body)], words);
}

type LookUp =
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly ts: string }
  | { readonly kind: 'failed'; readonly why: SlackFailure };

async function lookForPost(client: WebClient, message: PendingMessage): Promise<LookUp> {
  try {
    const ts = await findEarlierPost(client, message);
    return ts === null ? { kind: 'none' } : { kind: 'found', ts };
  } catch (error) {
    return { kind: 'failed', why: slackFailure(error) };
  }
}

type Attempt =
  | Exclude<Delivery, { kind: 'refused' }>
  | { readonly kind: 'refused'; readonly why: Extract<SlackFailure, { kind: 'refused' }> };

/**
 * Temporary failures are retried: a limit, an outage, or a token or channel that someone will fix (by inviting the bot,
 * or unarchiving the channel). A message can be late but is not lost. Other failures are final.
 */
function attemptAfter(why: SlackFailure, doubt: PostDoubt): Attempt {
  switch (why.kind) {
    case 'rate-limited':
      return { kind: 'retry', afterMs: why.afterMs, why, doubt };
    case 'no-answer':
      return { kind: 'retry', afterMs: RETRY_AFTER_MS.noAnswer, why, doubt };
    case 'refused':
      if (why.code === THREAD_GONE) return { kind: 'thread-gone', why };
      return FINAL_CODES.has(why.code)
        ? { kind: 'refused', why }
        : { kind: 'retry', afterMs: RETRY_AFTER_MS.refused, why, doubt, ...inChannel(channelRefusal(why)) };
  }
}

function inChannel(channelRefused: ChannelRefusal | null) {
  return channelRefused === null ? {} : { channelRefused };
}

/** A look-up before the message failed, with what Slack said of it as the cause: the message itself was not refused. */
class LookUpFailed extends Error {}

/** Edits the message if Slack has it, otherwise posts it. Resolves to its `ts`. */
async function put(client: WebClient, message: PendingMessage, card: Card): Promise<string> {
  if (message.ts === null) return post(client, message, card);
  if (await edit(client, message, message.ts, card)) return message.ts;
  // It is lost. An earlier attempt to replace it might be in Slack.
  const replacement = await findEarlierPost(client, message).catch((error: unknown) => {
    throw new LookUpFailed('Slack could not say whether there is a replacement', { cause: error });
  });
  if (replacement !== null && replacement !== message.ts && (await edit(client, message, replacement, card))) {
    return replacement;
  }
  return post(client, message, card);
}

/** Edits a post. False: it is gone, or no longer ours. */
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
    ...threadOf(message),
    ...contentOf(message, card),
    unfurl_links: false,
    unfurl_media: false,
  });
  if (ts === undefined) throw new Error('the answer to chat.postMessage has no ts');
  return ts;
}

/** Slack shows a post of a thread in its channel only if it is asked to when the post is made. */
function threadOf({ placement, threadTs, body }: PendingMessage) {
  if (placement !== 'thread' || threadTs === null) return {};
  const isBroadcast =
    body.kind === 'reopened' || (body.kind === 'plan' && body.state === 'proposed' && body.broadcast === true);
  return { thread_ts: threadTs, ...(isBroadcast ? { reply_broadcast: true } : {}) };
}

function ofVersion(version: number, block: types.KnownBlock): types.KnownBlock {
  return block.block_id === undefined ? block : { ...block, block_id: blockIdIn(version, block.block_id) };
}

/** `parse: none`: Slack does not turn text that looks like a link into one. */
function contentOf(message: PendingMessage, card: Card) {
  return {
    text: card.text,
    blocks: card.blocks.map((block) => ofVersion(message.version, block)),
    metadata: messageMetadata(message),
    parse: 'none',
    link_names: false,
  } as const;
}
