import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import type { Act, DeliveryLine, Traffic } from '../ports/messages.ts';

/** What the order of delivery depends on, for a message whose latest version is not yet in Slack. */
export type WaitingMessage = {
  /** Increases in the order in which messages were queued. */
  readonly id: number;
  /** Null: a notice. The notices of a channel are delivered one after the other, as if they were one thread. */
  readonly incidentId: number | null;
  readonly channel: string;
  readonly kind: string;
  /** An older version of it is in Slack. */
  readonly isPosted: boolean;
  /** It might be in Slack: an attempt to post it has begun, and its outcome is unknown. */
  readonly isTried: boolean;
  /** ISO 8601. Null: it can go now. */
  readonly notBefore: string | null;
  /** ISO 8601. */
  readonly waitingSince: string;
};

/**
 * In which line a message waits: that of its incident, or for a notice that of its channel. All files share one line: only
 * one is uploaded at a time, and nothing else waits for it.
 */
export function lineOf({
  incidentId,
  channel,
  kind,
}: Pick<WaitingMessage, 'incidentId' | 'channel' | 'kind'>): DeliveryLine {
  return kind === 'file' ? 'files' : (incidentId ?? channel);
}

/** Nothing is in flight, and every channel takes everything. */
export const FREE_TRAFFIC: Traffic = { isUnderWay: () => false, room: () => Number.POSITIVE_INFINITY, turnOf: () => 0 };

/** One call of Slack: a message, and further record lines of its thread that go out in the same post. */
export type Next = { readonly message: WaitingMessage; readonly folded: readonly WaitingMessage[] };

/** Even if each reason has its maximum length, this many record lines fit into one message. */
const MAX_LINES_IN_POST = 8;

/**
 * Chooses the messages to deliver next: at most one post or edit for each incident, and one for the notices of each channel.
 *
 * - Incidents are served by urgency ({@link RANKS}). Ties go to the incident that was served least recently.
 * - Within a thread, posts keep the order in which they were queued, and one that can't go yet holds back those after it.
 *   Only in a channel crowded by other threads does urgency override that order.
 * - An edit of a plan's card goes before the thread's next post, other edits after it. No edit holds back a post. One that has waited for long is
 *   as urgent as a channel message, so that no number of posts keeps it for ever; by the pace of edits it delays posts little.
 * - Record lines that follow each other in a thread go out as one post.
 * - Files go last, one at a time, in any order among themselves.
 *
 * `waiting` must hold thread messages only of incidents whose channel message is in Slack.
 */
export function nextInLine(
  waiting: readonly WaitingMessage[],
  limit: number,
  now: Date,
  traffic: Traffic = FREE_TRAFFIC,
): readonly Next[] {
  const isDue = ({ notBefore }: WaitingMessage) => notBefore === null || !isAhead(Date.parse(notBefore), now);
  const room = new RoomLeft(traffic);
  const crowd = new Crowd(waiting.filter(isDue), traffic);
  const next: Next[] = [];
  for (const messages of byUrgency(waiting, isDue, { now, traffic })) {
    if (next.length >= limit) break;
    const queue = queueOf(messages, crowd);
    const message = queue.candidates.find((candidate) => isDue(candidate) && room.has(candidate));
    if (message === undefined) continue;
    room.take(message);
    next.push({ message, folded: foldedInto(message, queue, isDue) });
  }
  return next;
}

/** No refusal keeps a message waiting for longer than this. */
export const LONGEST_PAUSE_MS = 120_000;

/** A time further ahead than the longest pause belongs to a clock that was set back since: it would hold up a whole thread. */
function isAhead(notBefore: number, now: Date): boolean {
  const left = notBefore - now.getTime();
  return left > 0 && left <= LONGEST_PAUSE_MS;
}

/** At about one post a second, the other threads of a channel make the most urgent message of one at most this many seconds later. */
const MAX_POSTS_IN_ORDER = 5;

/**
 * The posts that are due. With too many of other threads in its channel, keeping the order of a thread would make its plan's card late. Its
 * own do not count: they are what the plan rests on.
 */
class Crowd {
  readonly #inChannel = new Map<string, number>();
  readonly #inLine = new Map<DeliveryLine, number>();
  readonly #traffic: Traffic;

  constructor(due: readonly WaitingMessage[], traffic: Traffic) {
    this.#traffic = traffic;
    for (const message of due) {
      if (laneOf(message) !== 'posts' || message.kind === 'record') continue;
      increment(this.#inChannel, message.channel);
      increment(this.#inLine, lineOf(message));
    }
  }

  isAround(message: WaitingMessage): boolean {
    const { channel } = message;
    const others = (this.#inChannel.get(channel) ?? 0) - (this.#inLine.get(lineOf(message)) ?? 0);
    return others > this.#traffic.room(channel, 'post') + MAX_POSTS_IN_ORDER;
  }
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The waiting messages of each line with nothing in flight, the most urgent line first. */
function byUrgency(
  waiting: readonly WaitingMessage[],
  isDue: (message: WaitingMessage) => boolean,
  { now, traffic }: { readonly now: Date; readonly traffic: Traffic },
): readonly (readonly WaitingMessage[])[] {
  const candidates = [...Map.groupBy(waiting, lineOf)].flatMap(([line, messages]) => {
    const due = messages.filter(isDue);
    const [oldest] = due.toSorted(byWaiting);
    if (oldest === undefined || traffic.isUnderWay(line)) return [];
    return [{ messages, oldest, rank: Math.min(...due.map((one) => rankAt(now, one))), turn: traffic.turnOf(line) }];
  });
  return candidates
    .sort((a, b) => a.rank - b.rank || a.turn - b.turn || byWaiting(a.oldest, b.oldest))
    .map(({ messages }) => messages);
}

type Queue = {
  /** Best first: edits of cards, the next new message, other edits, files. */
  readonly candidates: readonly WaitingMessage[];
  /** The new messages, in their order. */
  readonly posts: readonly WaitingMessage[];
};

function queueOf(messages: readonly WaitingMessage[], crowd: Crowd): Queue {
  const { cards = [], posts = [], edits = [], files = [] } = Object.groupBy(messages, laneOf);
  const isCrowded = posts.some((post) => crowd.isAround(post));
  posts.sort((a, b) => (isCrowded ? rankOf(a) - rankOf(b) : 0) || byAge(a, b));
  const candidates = [...cards.sort(byAge), ...posts.slice(0, 1), ...edits.sort(byAge), ...files.sort(byAge)];
  return { candidates, posts };
}

/** The record lines that follow this one without another message between them. */
function foldedInto(
  message: WaitingMessage,
  { posts }: Queue,
  isDue: (message: WaitingMessage) => boolean,
): readonly WaitingMessage[] {
  if (!isFoldable(message)) return [];
  const end = posts.findIndex((post) => !isFoldable(post) || !isDue(post));
  return posts.slice(1, end === -1 ? MAX_LINES_IN_POST : Math.min(end, MAX_LINES_IN_POST));
}

/**
 * True for a new record line. One that may already be in Slack is sent alone, because it has to be found there by its own
 * key.
 */
function isFoldable({ kind, isPosted, isTried }: WaitingMessage): boolean {
  return kind === 'record' && !isPosted && !isTried;
}

function laneOf(message: WaitingMessage): 'cards' | 'posts' | 'edits' | 'files' {
  if (message.kind === 'file') return 'files';
  if (!message.isPosted) return 'posts';
  return message.kind === 'plan' ? 'cards' : 'edits';
}

/** Files, edits other than of plan cards, and rows that can't be read. */
const LAST_RANK = 5;

/** Lower is more urgent: an incident's thread can't start without its channel message, and a plan's card has buttons to show or to remove. */
const RANKS: Record<ThreadMessage['kind'], number> = {
  summary: -1,
  plan: 0,
  status: 1,
  unmonitored: 1,
  call: 1,
  reopened: 1,
  execution: 2,
  verification: 2,
  verdict: 3,
  alerts: 4,
  'alert-notice': 4,
  'fleet-look': 4,
  'host-warnings': 4,
  'incident-elsewhere': 1,
  'mute-notice': 1,
  'channel-refused': 1,
  'mute-summary': 1,
  record: 4,
  checkpoint: 4,
  file: LAST_RANK,
};

const RANK_OF: ReadonlyMap<string, number> = new Map(Object.entries(RANKS));

function rankOf(message: WaitingMessage): number {
  return laneOf(message) === 'edits' ? LAST_RANK : (RANK_OF.get(message.kind) ?? LAST_RANK);
}

const LONG_WAIT_MS = 30_000;

function rankAt(now: Date, message: WaitingMessage): number {
  const hasWaitedLong = now.getTime() - Date.parse(message.waitingSince) >= LONG_WAIT_MS;
  return laneOf(message) === 'edits' && hasWaitedLong ? RANKS.status : rankOf(message);
}

/** What the channels still take, less what was chosen already. */
class RoomLeft {
  readonly #traffic: Traffic;
  readonly #taken = new Map<string, number>();

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  has(message: WaitingMessage): boolean {
    return this.#traffic.room(message.channel, actOf(message)) > (this.#taken.get(limitKeyOf(message)) ?? 0);
  }

  take(message: WaitingMessage): void {
    this.#taken.set(limitKeyOf(message), (this.#taken.get(limitKeyOf(message)) ?? 0) + 1);
  }
}

/** Edits of all channels share one limit. */
function limitKeyOf(message: WaitingMessage): string {
  return message.isPosted ? 'edits' : message.channel;
}

function actOf({ isPosted }: WaitingMessage): Act {
  return isPosted ? 'edit' : 'post';
}

function byWaiting(a: WaitingMessage, b: WaitingMessage): number {
  return compare(a.waitingSince, b.waitingSince) || byAge(a, b);
}

function byAge(a: WaitingMessage, b: WaitingMessage): number {
  return a.id - b.id;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
