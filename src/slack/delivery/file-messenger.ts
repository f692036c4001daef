import type { WebClient } from '@slack/web-api';
import { messageOf } from '../../model/message-of.ts';
import type { FileMessage } from '../../model/record/messages/thread-message.ts';
import type { Words } from '../../words/index.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { Delivery, PendingMessage } from '../../workflow/ports/messages.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import { findFile } from './earlier-post.ts';
import { type FileSources, fileName, makeFile } from './make-file.ts';
import { isUnclear } from './post-doubt.ts';
import { uploadFile } from './upload-file.ts';

type FilePost = PendingMessage & { readonly body: FileMessage; readonly threadTs: string };

const AFTER_SILENCE_MS = 60_000;
/** A file is an extra: one that could not be posted for so long is given up. */
const GIVE_UP_AFTER_MS = 3_600_000;

/** Posts the files of threads, each once: a file whose answer was lost is found again in its thread. */
export class FileMessenger {
  readonly #client: WebClient;
  readonly #log: Log;
  readonly #words: Words;
  readonly #sources: FileSources;
  /** By key: the ids of files that might be in their threads. */
  readonly #sent = new Map<string, string>();

  constructor(client: WebClient, log: Log, words: Words, sources: FileSources) {
    this.#client = client;
    this.#log = log;
    this.#words = words;
    this.#sources = sources;
  }

  async deliver(post: FilePost): Promise<Delivery> {
    try {
      const found = post.maybePosted ? await this.#find(post) : null;
      if (found !== null) return this.#delivered(post, found);
    } catch (error) {
      const why = slackFailure(error);
      return this.#again(post, { why, doubt: 'maybe-posted' });
    }
    return this.#upload(post);
  }

  #find(post: FilePost): Promise<string | null> {
    return findFile(this.#client, post, { name: fileName(post.body), id: this.#sent.get(post.key) ?? null });
  }

  #delivered({ key }: FilePost, ts: string): Delivery {
    this.#sent.delete(key);
    return { kind: 'delivered', ts };
  }

  async #upload(post: FilePost): Promise<Delivery> {
    const file = await makeFile(post.body, this.#words, this.#sources).catch((error: unknown) => {
      this.#log.error({ err: error, key: post.key }, 'a file for a thread could not be made');
      return { said: messageOf(error) };
    });
    if ('said' in file) return { kind: 'refused', why: { kind: 'not-made', said: file.said } };
    const uploaded = await uploadFile(this.#client, post, file);
    if (uploaded.kind === 'uploaded') return this.#delivered(post, uploaded.fileId);
    if (uploaded.fileId !== null && uploaded.doubt === 'maybe-posted') this.#sent.set(post.key, uploaded.fileId);
    return this.#again(post, uploaded);
  }

  /** A refusal is final: the bot is in the channel already, so it is about files. */
  #again(
    post: FilePost,
    { why, doubt }: Pick<Extract<Delivery, { kind: 'retry' }>, 'doubt'> & { why: Failure },
  ): Delivery {
    const isFinal = why.kind === 'refused' && !isUnclear(why);
    const isLate = this.#sources.now().getTime() - Date.parse(post.body.at) > GIVE_UP_AFTER_MS;
    if (isFinal || isLate) {
      this.#sent.delete(post.key);
      return { kind: 'refused', why };
    }
    return { kind: 'retry', afterMs: why.kind === 'rate-limited' ? why.afterMs : AFTER_SILENCE_MS, why, doubt };
  }
}

type Failure = ReturnType<typeof slackFailure>;
