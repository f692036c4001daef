import type { WebClient } from '@slack/web-api';
import { bytesHash } from '../../hash/bytes-hash.ts';
import type { SlackFailure } from '../../model/record/messages/slack-failure.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { planText } from '../../telling/text/plan-text.ts';
import type { Words } from '../../words/index.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { PendingMessage, PlanFileOutcome, RetryReason } from '../../workflow/ports/messages.ts';
import { isTooLong, type PlanFile } from '../cards/plan-card.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import { findFile } from './earlier-post.ts';
import type { FileSources } from './make-file.ts';
import { isUnclear } from './post-doubt.ts';
import { uploadFile } from './upload-file.ts';

type PlanMessage = Extract<ThreadMessage, { kind: 'plan' }>;
type PlanPost = PendingMessage & { readonly body: PlanMessage; readonly threadTs: string };
type Upload = PlanFile & { readonly bytes: Uint8Array };

type Retry = { readonly kind: 'retry'; readonly why: RetryReason; readonly afterMs: number };
/** `none`: the card stands alone. `retry`: the file might be in the thread soon, and the card waits for it. */
export type FileForPlan =
  | { readonly kind: 'file'; readonly file: PlanFile; readonly outcome: 'posted' | null }
  | { readonly kind: 'none'; readonly outcome: PlanFileOutcome | null }
  | Retry;

/** After this many failures the card is posted without the file, and says that the plan can't be approved in Slack. */
const MAX_TRIES = 3;
/** Slack shows a file after it has answered. One that is not in the thread after so many looks counts as a failed try. */
const MAX_LOOKS = 5;
const LOOK_AFTER_MS = 3_000;
const TRY_AFTER_MS = 5_000;
/** Well above the number of plans that wait for a decision at a time. */
const MAX_REMEMBERED = 1_000;

/** What was done for a file that is not known to be in its thread. */
type Progress = {
  /** The tries that failed. */
  readonly tries: number;
  /** It might appear in the thread, where it was looked for so often. */
  readonly sent: { readonly id: string | null; readonly looks: number } | null;
};

const UNTRIED: Progress = { tries: 0, sent: null };

type Step = { readonly known: Progress | 'posted'; readonly next: 'file' | Exclude<FileForPlan, { kind: 'file' }> };

/**
 * Posts the whole text of a plan that is too long for its card. The file is seen in the thread first, so that the card can show
 * its hash and the buttons.
 */
export class PlanFiles {
  readonly #client: WebClient;
  readonly #log: Log;
  readonly #words: Words;
  readonly #sources: FileSources;
  /** By name. */
  readonly #known = new Map<string, Progress | 'posted'>();

  constructor(client: WebClient, log: Log, words: Words, sources: FileSources) {
    this.#client = client;
    this.#log = log;
    this.#words = words;
    this.#sources = sources;
  }

  async fileFor(post: PlanPost): Promise<FileForPlan> {
    const { plan, state, outlook } = post.body;
    const needsFile = this.#sources.canPost() && state === 'proposed' && isTooLong(plan, this.#words);
    if (!needsFile) return { kind: 'none', outcome: null };
    const bytes = Buffer.from(planText(plan, outlook, this.#words), 'utf8');
    const sha256 = bytesHash(bytes);
    const file = { name: `plan-${plan.id}-${sha256.slice('sha256:'.length, 'sha256:'.length + 12)}.txt`, sha256 };
    const before = this.#known.get(file.name) ?? UNTRIED;
    if (before === 'posted') return { kind: 'file', file, outcome: null };
    const { known, next } = await this.#advance(post, { ...file, bytes }, before);
    this.#remember(file.name, known);
    if (next !== 'file') return next;
    // After a restart it is found in the thread, and was counted before.
    return { kind: 'file', file, outcome: before === UNTRIED && post.ts !== null ? null : 'posted' };
  }

  /** Looks for the file where it might be, or posts it. */
  async #advance(post: PlanPost, file: Upload, before: Progress): Promise<Step> {
    const isNew = before === UNTRIED && post.ts === null && !post.maybePosted;
    if (isNew) return this.#upload(post, file, before);
    const seen = await this.#look(post, { name: file.name, id: before.sent?.id ?? null });
    if (seen === 'there') return IN_THREAD;
    if (seen !== 'absent') return this.#afterFailure(file.name, seen, before, { isTry: false });
    if (before.sent === null) return this.#upload(post, file, before);
    const looks = before.sent.looks + 1;
    if (looks < MAX_LOOKS) return waiting({ ...before, sent: { ...before.sent, looks } });
    return this.#afterTry(file.name, NOT_SHARED, { tries: before.tries + 1, sent: null });
  }

  async #upload(post: PlanPost, file: Upload, before: Progress): Promise<Step> {
    const title = this.#words.files.planFileTitle(post.body.plan);
    const uploaded = await uploadFile(this.#client, post, { ...file, title, altText: null });
    const isDoubtful = uploaded.kind === 'uploaded' || uploaded.doubt === 'maybe-posted';
    if (!isDoubtful) return this.#afterFailure(file.name, uploaded.why, before, { isTry: true });
    const sent = { id: uploaded.fileId, looks: 0 };
    const seen = await this.#look(post, { name: file.name, id: sent.id });
    return seen === 'there' ? IN_THREAD : waiting({ ...before, sent });
  }

  async #look(post: PlanPost, file: { name: string; id: string | null }): Promise<'there' | 'absent' | SlackFailure> {
    try {
      return (await findFile(this.#client, post, file)) === null ? 'absent' : 'there';
    } catch (error) {
      return slackFailure(error);
    }
  }

  /** A post that Slack refuses for good ends the tries. A failed look-up is tried again, and doesn't count as a try. */
  #afterFailure(name: string, why: SlackFailure, before: Progress, { isTry }: { isTry: boolean }): Step {
    // Slack says when it takes the file, so the card can wait for that.
    if (why.kind === 'rate-limited') return { known: before, next: { kind: 'retry', why, afterMs: why.afterMs } };
    if (isFinal(why)) return this.#giveUp(name, why, before);
    if (!isTry) return { known: before, next: { kind: 'retry', why, afterMs: TRY_AFTER_MS } };
    return this.#afterTry(name, why, { ...before, tries: before.tries + 1 });
  }

  #afterTry(name: string, why: RetryReason, progress: Progress): Step {
    if (progress.tries >= MAX_TRIES) return this.#giveUp(name, why, progress);
    this.#log.warn({ file: name, why, tries: progress.tries }, 'the file of a long plan is not in its thread yet');
    return { known: progress, next: { kind: 'retry', why, afterMs: TRY_AFTER_MS } };
  }

  #giveUp(name: string, why: RetryReason, progress: Progress): Step {
    this.#log.error({ file: name, why, tries: progress.tries }, 'the file of a long plan could not be posted');
    return { known: progress, next: { kind: 'none', outcome: isFinal(why) ? 'refused' : 'unanswered' } };
  }

  #remember(name: string, what: Progress | 'posted'): void {
    this.#known.delete(name);
    this.#known.set(name, what);
    // A Map keeps its entries in insertion order.
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}

const NOT_SHARED = { kind: 'file-not-in-thread' } as const;
const IN_THREAD: Step = { known: 'posted', next: 'file' };

function waiting(known: Progress): Step {
  return { known, next: { kind: 'retry', why: NOT_SHARED, afterMs: LOOK_AFTER_MS } };
}

/** Whether Slack refused the file for good: another try would be refused too. */
function isFinal(why: RetryReason): boolean {
  return why.kind === 'refused' && !isUnclear(why);
}
