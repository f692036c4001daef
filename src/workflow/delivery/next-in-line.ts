/** What the order of delivery depends on, for a message whose newest form Slack does not show yet. */
export type WaitingMessage = {
  /** Increases in the order in which messages were put. */
  readonly id: number;
  /** Null: a notice. Notices are delivered one after the other, as if they were one thread. */
  readonly incidentId: number | null;
  /** The incident's message in the channel, which its thread belongs to. */
  readonly isHead: boolean;
  readonly kind: string;
  /** An older form of it is in Slack. */
  readonly isPosted: boolean;
  /** ISO 8601. Null: it can go now. */
  readonly notBefore: string | null;
  /** ISO 8601. */
  readonly waitingSince: string;
};

type Candidate = { readonly message: WaitingMessage; readonly isUrgent: boolean };

/**
 * The messages to deliver next, at most one for each incident.
 *
 * Within an incident, new messages go out in the order in which they were put, so a waiting one delays those after it.
 * Edits neither delay others nor wait for them. Across incidents, those go first in which someone waits for a button or
 * for the first message in the channel, then those that have waited longest.
 *
 * `waiting` must hold thread messages only of incidents whose channel message is posted.
 */
export function nextInLine(waiting: readonly WaitingMessage[], limit: number, now: Date): readonly WaitingMessage[] {
  const isDue = ({ notBefore }: WaitingMessage) => notBefore === null || notBefore <= now.toISOString();
  const candidates: Candidate[] = [];
  for (const messages of Map.groupBy(waiting, (message) => message.incidentId).values()) {
    const message = inOrder(messages).find(isDue);
    if (message) candidates.push({ message, isUrgent: messages.filter(isDue).some(isUrgent) });
  }
  return candidates
    .sort(byNeed)
    .slice(0, limit)
    .map(({ message }) => message);
}

/** The candidates in one incident, best first: edits of cards, the next new message, other edits. */
function inOrder(messages: readonly WaitingMessage[]): readonly WaitingMessage[] {
  const { cards = [], posts = [], edits = [] } = Object.groupBy(messages, queueOf);
  const [nextPost] = posts.sort(byAge);
  return [...cards.sort(byAge), ...(nextPost ? [nextPost] : []), ...edits.sort(byAge)];
}

function queueOf(message: WaitingMessage): 'cards' | 'posts' | 'edits' {
  if (!message.isPosted) return 'posts';
  return message.kind === 'plan' ? 'cards' : 'edits';
}

/** A plan's card has buttons to show or to remove. A missing channel message delays the whole thread. */
function isUrgent(message: WaitingMessage): boolean {
  return message.kind === 'plan' || (message.isHead && !message.isPosted);
}

function byNeed(a: Candidate, b: Candidate): number {
  if (a.isUrgent !== b.isUrgent) return a.isUrgent ? -1 : 1;
  return compare(a.message.waitingSince, b.message.waitingSince) || a.message.id - b.message.id;
}

function byAge(a: WaitingMessage, b: WaitingMessage): number {
  return a.id - b.id;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
