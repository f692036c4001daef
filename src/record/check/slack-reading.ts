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
  /** Something is attached to it that Slack did not find itself behind a link. The bot attaches nothing. */
  readonly hasAttachment: boolean;
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
  /** Posts that tell an entry otherwise than the record. */
  readonly #otherwise = new Set<string>();

  /** @param now the record's messages after the reading. The bot may have posted and edited meanwhile, so what moved is not judged. */
  constructor(reading: SlackReading, now: readonly ShownMessage[]) {
    this.#reading = reading;
    this.#now = new Map(now.map((message) => [message.key, message]));
    const told = reading.posts.flatMap((post) =>
      post.marks.map((mark) => ({ ...mark, ts: post.ts, place: placeOf(post) })),
    );
    this.#told = Map.groupBy(told, ({ sequence }) => sequence);
  }

  add({ sequence, hash }: Mark): void {
    this.#last = sequence;
    for (const { ts, place, ...told } of this.#told.get(sequence) ?? []) {
      if (told.hash === hash) continue;
      this.#otherwise.add(place);
      this.#contradicted ??= { kind: 'contradicted', sequence, witness: { kind: 'slack', ts } };
    }
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
    const now = [...this.#now.values()];
    const places = new Set(now.map(placeOf));
    const foreign = posts.filter((post) => !places.has(placeOf(post)) && !this.#isNamed(post));
    return [...problems, ...foreign.flatMap((post) => foreignPost(post, this.#now) ?? [])];
  }

  /** What it tells of entries is a problem of its own. */
  #isNamed(post: SlackPost): boolean {
    return this.#otherwise.has(placeOf(post)) || post.marks.some(({ sequence }) => sequence > this.#last);
  }

  #isUnread({ channel, thread }: ShownMessage): boolean {
    return this.#reading.unread.some(
      (one) => one.channel === channel && (one.thread === null || one.thread === thread),
    );
  }
}

type Told = Mark & { readonly ts: string; readonly place: string };

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
  const edited = { kind: 'post-edited', key, sequence, ts: post.ts } as const;
  if (post.hasAttachment || (NEVER_EDITED.includes(kind) && post.isEdited)) return edited;
  // A file is posted without metadata.
  if (kind !== 'file' && !post.keys.includes(key)) return edited;
  const isAtRest = message.isCurrent && now?.isCurrent === true && now.shown === shown;
  if (!isAtRest || shown === null || shown === post.shown) return null;
  return edited;
}

/** A post of the bot where no message of the record is: made up, or a message a second time. */
function foreignPost(post: SlackPost, messages: ReadonlyMap<string, ShownMessage>): RecordProblem | null {
  const { channel, ts, keys } = post;
  const known = keys.flatMap((key) => messages.get(key) ?? []);
  return known.length > 0 && known.every((message) => canBeOlder(post, message))
    ? null
    : { kind: 'post-unknown', channel, ts };
}

/** The bot may have posted the message there, and later again: Slack took no edit of it any more, or its answer was lost. */
function canBeOlder(post: SlackPost, { kind, ts }: ShownMessage): boolean {
  return ts === null || (!NEVER_EDITED.includes(kind) && Number(post.ts) < Number(ts));
}

/** The checkpoints that Slack shows. */
export function shownCheckpoints({ posts }: SlackReading): readonly KeptCheckpoint[] {
  const source: CheckpointSource = { kind: 'slack' };
  return posts.flatMap(({ checkpoints }) => checkpoints.map((note) => ({ note, source })));
}
