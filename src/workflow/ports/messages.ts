import type { FleetMessage, HostWarnings } from '../../model/fleet/fleet-look.ts';
import type { ChannelId, IncidentId, Sha256 } from '../../model/record/ids.ts';
import type {
  AlertNotice,
  ChannelRefusal,
  ChannelRefusedNotice,
  CheckpointNotice,
  ElsewhereNotice,
  MuteNotice,
  MuteSummary,
} from '../../model/record/messages/notices.ts';
import type { FileNotMade, GiveUpReason, SlackFailure } from '../../model/record/messages/slack-failure.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';

/** What goes to Slack, and its queue. */

/** A message that the thread should show. Putting the same key again replaces the body, and the message is edited. */
export type DesiredMessage = {
  /** Unique: one key is one message in Slack, however often it is delivered. */
  readonly key: string;
  readonly incidentId: IncidentId;
  /** `summary`: in the channel as well, over the threads of several incidents. */
  readonly placement: 'channel' | 'thread' | 'summary';
  readonly body: ThreadMessage;
};

/** Where Slack shows a message. `threadTs`: the first message of its thread. Null: it is in the channel itself. */
export type MessagePlace = { readonly channel: ChannelId; readonly ts: string; readonly threadTs: string | null };

/** The addresses at which people open messages. Null: the workspace is not known. */
export interface MessageLinks {
  linkTo(place: MessagePlace): Promise<string | null>;
}

/** A post in a channel that belongs to no incident, and has no thread. Putting its key again edits it. */
export type Notice = {
  readonly key: string;
  readonly channel: ChannelId;
  readonly body:
    | AlertNotice
    | ElsewhereNotice
    | FleetMessage
    | HostWarnings
    | MuteNotice
    | MuteSummary
    | CheckpointNotice
    | ChannelRefusedNotice;
};

/** A desired message that Slack does not show yet, or shows in an older version. */
export type PendingMessage = Omit<DesiredMessage, 'incidentId' | 'placement'> & {
  /** Null: a notice. */
  readonly incidentId: IncidentId | null;
  readonly placement: 'channel' | 'thread';
  readonly version: number;
  readonly channel: ChannelId;
  /** Slack's id of this message if it was posted before. */
  readonly ts: string | null;
  /** Slack's id of the first message of the thread: the incident's message in the channel, or a summary. Null until it is posted. */
  readonly threadTs: string | null;
  /** True if an earlier attempt might have succeeded and only its response was lost. */
  readonly maybePosted: boolean;
  /** Further record lines of the thread that go out in the same post. Absent if there are none. */
  readonly folded?: readonly FoldedLine[];
};

export type FoldedLine = Pick<PendingMessage, 'key' | 'version'> & {
  readonly body: Extract<ThreadMessage, { kind: 'record' }>;
};

/** A new message in a channel or thread, or a new form of one that is there. */
export type Act = 'post' | 'edit';

/** How often something is accepted: `burst` times at once, then once each `everyMs`. */
export type Rate = { readonly burst: number; readonly everyMs: number };

/** What a messenger accepts: posts in each channel, edits over all channels. */
export type Pace = { readonly posts: Rate; readonly edits: Rate };

/** Messages that go out one after the other: those of an incident, by its number, the notices of a channel, by its id,
 * or `files`. */
export type DeliveryLine = number | string;

/** What is on its way already, and what the channels take now. */
export type Traffic = {
  isUnderWay(line: DeliveryLine): boolean;
  room(channel: string, act: Act): number;
  /** Higher: this line had its last turn later. */
  turnOf(line: DeliveryLine): number;
};

/** Whether a message is in Slack, after an attempt to post it that did not succeed. */
export type PostDoubt = 'not-posted' | 'maybe-posted';

/** The queue of messages on their way to Slack. */
export interface Outbox {
  /**
   * By priority, see `delivery/next-in-line.ts`. At most one for each incident. Without `traffic`, every channel takes
   * everything.
   */
  pending(limit: number, now: Date, traffic?: Traffic): Promise<readonly PendingMessage[]>;
  markTrying(key: string): Promise<void>;
  /** `shown`: the digest of the words that Slack shows now. */
  markDelivered(key: string, version: number, ts: string, shown?: Sha256): Promise<void>;
  postpone(key: string, until: Date, doubt: PostDoubt): Promise<void>;
  /** Gives up a message that Slack will never accept, and records the reason. Delivery continues with the others. */
  giveUp(key: string, version: number, why: GiveUpReason): Promise<void>;
  /**
   * All messages in the thread of this one wait again, in their order: to be posted under its first message. That one is searched
   * for in the channel, and posted again if it is gone.
   */
  postThreadAgain(key: string): Promise<void>;
  /** The newest version of a message is delivered again, in the place where it is. */
  deliverAgain(key: string): Promise<void>;
  /** Slack's id of a message. Null: it was not posted yet. */
  shownAs(key: string): Promise<string | null>;
  /** How much Slack does not show yet. What will never be posted does not count. */
  backlog(): Promise<Backlog>;
}

/** `waitingSince`: since when the oldest has been waiting; null: nothing waits. */
export type Backlog = { readonly messages: number; readonly waitingSince: string | null };

export type Delivery =
  /** `shown`: the digest of the words that Slack shows now. Absent: not known. */
  | { readonly kind: 'delivered'; readonly ts: string; readonly shown?: Sha256; readonly planFile?: PlanFileOutcome }
  | {
      readonly kind: 'retry';
      readonly afterMs: number;
      readonly why: RetryReason;
      readonly doubt: PostDoubt;
      /** Slack takes no posts or edits in this channel until then. Absent: only this message waits. */
      readonly pausesChannel?: true;
      /** Slack takes nothing in this channel until someone changes something there. Absent: it does. */
      readonly channelRefused?: ChannelRefusal;
    }
  /** The thread of the message is gone, with all that was in it. */
  | { readonly kind: 'thread-gone'; readonly why: SlackFailure }
  | { readonly kind: 'refused'; readonly why: SlackFailure | FileNotMade };

/** What became of the file of a long plan, told once. */
export type PlanFileOutcome = 'posted' | 'refused' | 'unanswered';

/** What has to change before a message is tried again. */
export type RetryReason = SlackFailure | { readonly kind: 'no-channel-message' | 'file-not-in-thread' };

/** Puts a message into Slack, or edits it there. */
export interface Messenger {
  readonly pace: Pace;
  deliver(message: PendingMessage): Promise<Delivery>;
}
