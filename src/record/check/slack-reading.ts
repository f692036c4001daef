import type { SlackUnread } from '../../model/record/messages/slack-failure.ts';
import type { CheckpointSource, RecordProblem } from '../../model/record/record.ts';
import type { KeptCheckpoint } from './check-checkpoints.ts';
import type { Mark } from './witnesses.ts';

/** A message of the record, as Slack should show it. */
export type ShownMessage = {
  readonly key: string;
  readonly kind: string;
  readonly channel: string;
  /** Slack's id of it. Null: it was not posted yet. */
  readonly ts: string | null;
  /** The first message of its thread. Null: it is in the channel itself. */
  readonly thread: string | null;
  /** The last audit entry that it has shown. Null: it shows none. */
  readonly sequence: number | null;
  /** The digest of the words that Slack showed when it was last delivered. Null: not known. */
  readonly shown: string | null;
  /** Slack was given its newest form. */
  readonly isCurrent: boolean;
};

/** A post of the bot, as Slack shows it. */
export type SlackPost = {
  readonly channel: string;
  readonly ts: string;
  /** The messages of the record in it, by their own word. */
  readonly keys: readonly string[];
  /** The audit entries that it was posted with. */
  readonly marks: readonly Mark[];
  /** The digest of its words. */
  readonly shown: string;
  /** Someone changed it after it was posted. */
  readonly isEdited: boolean;
  /** The checkpoints in it, as signed notes. */
  readonly checkpoints: readonly string[];
};

/** What Slack shows of a record. `before`: the record's messages when the reading began. */
export type SlackReading = {
  readonly before: readonly ShownMessage[];
  readonly posts: readonly SlackPost[];
  readonly unread: readonly SlackUnread[];
};

/** Posts that the bot itself never edits. */
const NEVER_EDITED: readonly string[] = ['record', 'checkpoint'];

/**
 * Compares a record, entry by entry, with what Slack shows: entries that a post tells and the record does not have, or has otherwise,
 * and posts that are gone, other than the bot posted them, or not the record's.
 */
export class SlackWalk {
  readonly #reading: SlackReading;
  readonly #now: ReadonlyMap<string, ShownMessage>;
  /** What posts tell of entries, by the entry's number. */
  readonly #told: ReadonlyMap<number, readonly Told[]>;
  #last = 0;
  #contradicted: RecordProblem | null = null;

  /** @param now the record's messages after the reading. The bot may have posted and edited meanwhile, so what moved is not judged. */
  constructor(reading: SlackReading, now: readonly ShownMessage[]) {
    this.#reading = reading;
    this.#now = new Map(now.map((message) => [message.key, message]));
    const told = reading.posts.flatMap(({ ts, marks }) => marks.map((mark) => ({ ...mark, ts })));
    this.#told = Map.groupBy(told, ({ sequence }) => sequence);
  }

  add({ sequence, hash }: Mark): void {
    this.#last = sequence;
    const other = this.#told.get(sequence)?.find((told) => told.hash !== hash);
    if (other === undefined) return;
    this.#contradicted ??= { kind: 'contradicted', sequence, witness: { kind: 'slack', ts: other.ts } };
  }

  /** After the last entry. */
  problems(): readonly RecordProblem[] {
    return [this.#missingTail(), this.#contradicted].filter((one) => one !== null).concat(this.#postProblems());
  }

  #missingTail(): RecordProblem | null {
    const newest = Math.max(0, ...this.#told.keys());
    const [told] = this.#told.get(newest) ?? [];
    if (told === undefined || newest <= this.#last) return null;
    return { kind: 'tail-missing', last: this.#last, writtenUpTo: newest, witness: { kind: 'slack', ts: told.ts } };
  }

  #postProblems(): RecordProblem[] {
    const { before, posts } = this.#reading;
    const postAt = new Map(posts.map((post) => [placeOf(post), post]));
    const judged = before.filter((message) => message.ts !== null && this.#now.get(message.key)?.ts === message.ts);
    const problems = judged
      .filter((message) => !this.#isUnread(message))
      .flatMap((message) => postProblem(message, postAt.get(placeOf(message)), this.#now.get(message.key)) ?? []);
    return [...problems, ...foreignPosts(posts, [...this.#now.values()])];
  }

  #isUnread({ channel, thread }: ShownMessage): boolean {
    return this.#reading.unread.some(
      (one) => one.channel === channel && (one.thread === null || one.thread === thread),
    );
  }
}

type Told = Mark & { readonly ts: string };

function placeOf({ channel, ts }: { readonly channel: string; readonly ts: string | null }): string {
  return `${channel} ${ts}`;
}

function postProblem(
  message: ShownMessage,
  post: SlackPost | undefined,
  now: ShownMessage | undefined,
): RecordProblem | null {
  const { key, sequence, shown, kind } = message;
  if (post === undefined) return { kind: 'post-missing', key, sequence };
  if (NEVER_EDITED.includes(kind) && post.isEdited) return { kind: 'post-edited', key, sequence, ts: post.ts };
  const isAtRest = message.isCurrent && now?.isCurrent === true && now.shown === shown;
  if (!isAtRest || shown === null || shown === post.shown) return null;
  return { kind: 'post-edited', key, sequence, ts: post.ts };
}

/** Posts of the bot that no message of the record is. One that tells an entry is judged by that. */
function foreignPosts(posts: readonly SlackPost[], now: readonly ShownMessage[]): readonly RecordProblem[] {
  const places = new Set(now.map(placeOf));
  const keys = new Set(now.map(({ key }) => key));
  return posts
    .filter((post) => !places.has(placeOf(post)) && !post.keys.some((key) => keys.has(key)) && post.marks.length === 0)
    .map(({ channel, ts }) => ({ kind: 'post-unknown', channel, ts }));
}

/** The checkpoints that Slack shows. */
export function shownCheckpoints({ posts }: SlackReading): readonly KeptCheckpoint[] {
  const source: CheckpointSource = { kind: 'slack' };
  return posts.flatMap(({ checkpoints }) => checkpoints.map((note) => ({ note, source })));
}
