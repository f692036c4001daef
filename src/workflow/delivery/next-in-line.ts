import type { ThreadMessage } from '../../model/record/thread-message.ts';
import type { Act, DeliveryLine, Traffic } from '../ports.ts';

/** What the order of delivery depends on, for a message whose newest form Slack does not show yet. */
export type WaitingMessage = {
  /** Increases in the order in which messages were put. */
  readonly id: number;
  /** Null: a notice. The notices of a channel are delivered one after the other, as if they were one thread. */
  readonly incidentId: number | null;
  readonly channel: string;
  readonly kind: string;
  /** An older form of it is in Slack. */
  readonly isPosted: boolean;
  /** It might be in Slack: an attempt to post it has begun, and nothing is known of its end. */
  readonly isTried: boolean;
  /** ISO 8601. Null: it can go now. */
  readonly notBefore: string | null;
  /** ISO 8601. */
  readonly waitingSince: string;
};

/** In which line a message waits: that of its incident, or for a notice that of its channel. */
export function lineOf({ incidentId, channel }: Pick<WaitingMessage, 'incidentId' | 'channel'>): DeliveryLine {
  return incidentId ?? channel;
}

/** Nothing is on its way, and every channel takes everything. */
export const FREE_TRAFFIC: Traffic = { isUnderWay: () => false, room: () => Number.POSITIVE_INFINITY, turnOf: () => 0 };

/** One call of Slack: a message, and further record lines of its thread that go out in the same post. */
export type Next = { readonly message: WaitingMessage; readonly folded: readonly WaitingMessage[] };

/** More would not fit into one message, however long each reason is. */
const MAX_LINES_IN_POST = 8;

/**
 * The messages to deliver next, at most one post or edit for each incident, and one for the notices of each channel.
 *
 * - While a channel has room for everything that waits, each thread keeps the order in which its messages were put. A waiting one delays
 *   those after it.
 * - In a crowded channel the most urgent goes first, in a thread and between them: see {@link RANKS}. Among equals it is the turn of the
 *   incident that has waited longest for one.
 * - Edits neither delay posts nor wait for them.
 * - Record lines that follow each other in a thread go out as one post.
 *
 * `waiting` must hold thread messages only of incidents whose thread has its first message.
 */
export function nextInLine(
  waiting: readonly WaitingMessage[],
  limit: number,
  now: Date,
  traffic: Traffic = FREE_TRAFFIC,
): readonly Next[] {
  const isDue = ({ notBefore }: WaitingMessage) => notBefore === null || notBefore <= now.toISOString();
  const room = new Room(traffic);
  const crowded = crowdedChannels(waiting.filter(isDue), traffic);
  const next: Next[] = [];
  for (const messages of byNeed(waiting, isDue, traffic)) {
    if (next.length >= limit) break;
    const queue = queueOf(messages, crowded);
    const message = queue.candidates.find((candidate) => isDue(candidate) && room.has(candidate));
    if (message === undefined) continue;
    room.take(message);
    next.push({ message, folded: foldedInto(message, queue, isDue) });
  }
  return next;
}

/** Channels in which more posts are due than they take now. */
function crowdedChannels(due: readonly WaitingMessage[], traffic: Traffic): ReadonlySet<string> {
  const posts = Map.groupBy(
    due.filter(({ isPosted }) => !isPosted),
    ({ channel }) => channel,
  );
  return new Set([...posts].filter(([channel, all]) => all.length > traffic.room(channel, 'post')).map(([id]) => id));
}

/** The waiting messages of each incident that is not under way, the most urgent incident first. */
function byNeed(
  waiting: readonly WaitingMessage[],
  isDue: (message: WaitingMessage) => boolean,
  traffic: Traffic,
): readonly (readonly WaitingMessage[])[] {
  const candidates = [...Map.groupBy(waiting, lineOf)].flatMap(([line, messages]) => {
    const due = messages.filter(isDue);
    const [oldest] = due.toSorted(byWaiting);
    if (oldest === undefined || traffic.isUnderWay(line)) return [];
    return [{ messages, oldest, rank: Math.min(...due.map(rankOf)), turn: traffic.turnOf(line) }];
  });
  return candidates
    .sort((a, b) => a.rank - b.rank || a.turn - b.turn || byWaiting(a.oldest, b.oldest))
    .map(({ messages }) => messages);
}

type Queue = {
  /** Best first: edits of cards, the next new message, other edits. */
  readonly candidates: readonly WaitingMessage[];
  /** The new messages, in their order. */
  readonly posts: readonly WaitingMessage[];
};

function queueOf(messages: readonly WaitingMessage[], crowded: ReadonlySet<string>): Queue {
  const { cards = [], posts = [], edits = [] } = Object.groupBy(messages, laneOf);
  const isCrowded = posts.some(({ channel }) => crowded.has(channel));
  posts.sort((a, b) => (isCrowded ? rankOf(a) - rankOf(b) : 0) || byAge(a, b));
  return { candidates: [...cards.sort(byAge), ...posts.slice(0, 1), ...edits.sort(byAge)], posts };
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

/** One that might be in Slack is searched for there by its own key. */
function isFoldable({ kind, isPosted, isTried }: WaitingMessage): boolean {
  return kind === 'record' && !isPosted && !isTried;
}

function laneOf(message: WaitingMessage): 'cards' | 'posts' | 'edits' {
  if (!message.isPosted) return 'posts';
  return message.kind === 'plan' ? 'cards' : 'edits';
}

/** A plan's card has buttons to show or to remove. A missing channel message delays the whole thread. */
const RANKS: Record<ThreadMessage['kind'], number> = {
  summary: -1,
  plan: 0,
  status: 1,
  unmonitored: 1,
  verdict: 2,
  execution: 3,
  verification: 3,
  alerts: 4,
  'alert-notice': 4,
  'mute-summary': 1,
  record: 4,
};
/** Edits of anything else, and rows that can't be read. */
const LAST_RANK = 5;

const RANK_OF: ReadonlyMap<string, number> = new Map(Object.entries(RANKS));

function rankOf(message: WaitingMessage): number {
  return laneOf(message) === 'edits' ? LAST_RANK : (RANK_OF.get(message.kind) ?? LAST_RANK);
}

/** The room of the channels, less what was chosen already. */
class Room {
  readonly #traffic: Traffic;
  readonly #taken = new Map<string, number>();

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  has(message: WaitingMessage): boolean {
    return this.#traffic.room(message.channel, actOf(message)) > (this.#taken.get(roomOf(message)) ?? 0);
  }

  take(message: WaitingMessage): void {
    this.#taken.set(roomOf(message), (this.#taken.get(roomOf(message)) ?? 0) + 1);
  }
}

/** Edits of all channels share their room. */
function roomOf(message: WaitingMessage): string {
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
