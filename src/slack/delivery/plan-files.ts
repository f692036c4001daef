import type { WebClient } from '@slack/web-api';
import { bytesHash } from '../../hash/bytes-hash.ts';
import type { SlackFailure } from '../../model/record/slack-failure.ts';
import type { ThreadMessage } from '../../model/record/thread-message.ts';
import { planText } from '../../telling/text/plan-text.ts';
import type { Words } from '../../words/index.ts';
import type { Log, PendingMessage } from '../../workflow/ports.ts';
import { isTooLong, type PlanFile } from '../cards/plan-card.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import { findFile } from './earlier-post.ts';
import type { FileSources } from './make-file.ts';
import { uploadFile } from './upload-file.ts';

type PlanMessage = Extract<ThreadMessage, { kind: 'plan' }>;
type PlanPost = PendingMessage & { readonly body: PlanMessage; readonly threadTs: string };

/** `none`: the card stands alone. `retry`: Slack might take the file soon, and the card waits for it. */
export type FileForPlan =
  | { readonly kind: 'file'; readonly file: PlanFile }
  | { readonly kind: 'none' }
  | { readonly kind: 'retry'; readonly why: SlackFailure };

/** After this many failures the card is posted without the file, and says that the plan can't be approved in Slack. */
const MAX_TRIES = 3;
/** Well above the number of plans that wait for a decision at a time. */
const MAX_REMEMBERED = 1_000;

/**
 * Posts the whole text of a plan that is too long for its card. The file goes first, so that the card can show its hash and
 * the buttons.
 */
export class PlanFiles {
  readonly #client: WebClient;
  readonly #log: Log;
  readonly #words: Words;
  readonly #sources: FileSources;
  /** By name: the tries that failed, or that the file is in its thread. */
  readonly #known = new Map<string, number | 'posted'>();

  constructor(client: WebClient, log: Log, words: Words, sources: FileSources) {
    this.#client = client;
    this.#log = log;
    this.#words = words;
    this.#sources = sources;
  }

  async fileFor(post: PlanPost): Promise<FileForPlan> {
    const { plan, state, outlook } = post.body;
    if (!this.#sources.canPost() || state !== 'proposed' || !isTooLong(plan, this.#words)) return { kind: 'none' };
    const bytes = Buffer.from(planText(plan, outlook, this.#words), 'utf8');
    const sha256 = bytesHash(bytes);
    const file = { name: `plan-${plan.id}-${sha256.slice('sha256:'.length, 'sha256:'.length + 12)}.txt`, sha256 };
    if (this.#known.get(file.name) === 'posted') return { kind: 'file', file };
    const failure = await this.#post(post, { ...file, bytes });
    if (failure !== null) return this.#afterFailure(file.name, failure);
    this.#remember(file.name, 'posted');
    return { kind: 'file', file };
  }

  /** Null: the file is in the thread. */
  async #post(post: PlanPost, file: PlanFile & { readonly bytes: Uint8Array }): Promise<SlackFailure | null> {
    const isFirst = post.ts === null && !post.maybePosted && !this.#known.has(file.name);
    try {
      if (!isFirst && (await findFile(this.#client, post, file.name)) !== null) return null;
    } catch (error) {
      return slackFailure(error);
    }
    const title = this.#words.files.planFileTitle(post.body.plan);
    const uploaded = await uploadFile(this.#client, post, { ...file, title, altText: null });
    return uploaded.kind === 'uploaded' ? null : uploaded.why;
  }

  #afterFailure(name: string, why: SlackFailure): FileForPlan {
    // Slack says when it takes the file, so the card can wait for that.
    if (why.kind === 'rate-limited') return { kind: 'retry', why };
    const before = this.#known.get(name);
    const tries = (typeof before === 'number' ? before : 0) + 1;
    this.#remember(name, tries);
    this.#log.error({ file: name, why, tries }, 'the file of a long plan could not be posted');
    return why.kind === 'refused' || tries >= MAX_TRIES ? { kind: 'none' } : { kind: 'retry', why };
  }

  #remember(name: string, what: number | 'posted'): void {
    this.#known.delete(name);
    this.#known.set(name, what);
    // A Map keeps its entries in insertion order.
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}
