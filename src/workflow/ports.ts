import type { SshProblem } from '../model/connection/ssh-problem.ts';
import type { Diagnosis } from '../model/diagnosis/diagnosis.ts';
import type { Fact } from '../model/fact.ts';
import type { WatchSeen } from '../model/fleet/fleet.ts';
import type { FleetMessage, HostSnapshot } from '../model/fleet/fleet-look.ts';
import type { HttpAnswer } from '../model/host/facts.ts';
import type { CounterName, GaugeName, HistogramName, MetricLabels } from '../model/metric.ts';
import type { Decision } from '../model/plan/decision.ts';
import type { Execution, Verification } from '../model/plan/execution.ts';
import type { Plan, PlanState, StoredPlan } from '../model/plan/plan.ts';
import type { SignatureProblem } from '../model/plan/signature-problem.ts';
import type { SigningProblem } from '../model/plan/signing-problem.ts';
import type { Silence } from '../model/quiet/silence.ts';
import type { Alert, AlertDelivery, AlertSourceName, ReceivedAlert } from '../model/record/alert.ts';
import type { AuditDraft, AuditEntry, IncidentEntry, OwnDraft } from '../model/record/audit.ts';
import type { SignedCheckpoint, WitnessAnswer } from '../model/record/checkpoint.ts';
import type { DetailsWanted, Removed } from '../model/record/erasable.ts';
import type { ChannelId, GroupId, HostName, IncidentId, PlanId, Sha256, TeamId, UserId } from '../model/record/ids.ts';
import type { Incident, IncidentState } from '../model/record/incident.ts';
import type { FileNotMade, GiveUpReason, PersonDoubt, SlackFailure } from '../model/record/messages/slack-failure.ts';
import type {
  AlertNotice,
  CheckpointNotice,
  MuteNotice,
  MuteSummary,
  ThreadMessage,
} from '../model/record/messages/thread-message.ts';
import type { IncidentRecord, MessageDelivery, RecordCheck } from '../model/record/record.ts';
import type { AlertSourceSettings } from '../model/settings/alert-settings.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import type { KeptBody } from '../record/bodies.ts';
import type { VerifiedBy } from '../record/check/check-record.ts';
import type { ShownMessage, SlackPost, SlackReading } from '../record/check/slack-reading.ts';
import type { QuietRecord, RecentIncident } from './quiet-ports.ts';

export type { RecentIncident, ShownMessage, SlackPost, SlackReading };

/**
 * What the workflows need of the outside world. Adapters at the rim (ssh/, store/, slack/) implement these;
 * `compose/` puts them together. Expected outcomes are values; a rejected promise means broken infrastructure or a bug.
 */

/** The result of running a script on a host. */
export type RemoteOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly output: RemoteOutput }
  /** The script might have run, completely or in part. */
  | { readonly kind: 'no-exit-status'; readonly why: SshProblem; readonly output: RemoteOutput }
  | { readonly kind: 'timed-out'; readonly timeoutMs: number; readonly output: RemoteOutput }
  /** Nothing was run. */
  | { readonly kind: 'not-connected'; readonly reason: NotConnectedReason; readonly why: SshProblem };

/** `login-key-unusable`, `known-hosts-unreadable`: the fault is on the bot's machine, and the host was not asked. */
export type NotConnectedReason =
  | 'login-key-unusable'
  | 'known-hosts-unreadable'
  | 'host-unreachable'
  | 'host-key-mismatch'
  | 'authentication-failed';

export type RemoteOutput = {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** True if there was more than `maxOutputBytes` and the rest was dropped. */
  readonly truncated: boolean;
};

export type RunOptions = {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  /** An approved change: takes priority over read-only scripts and is never rejected because the queue is full. */
  readonly approved?: true;
};

/** Runs a POSIX sh script on a host: one exec, the script over stdin, as root if the host's settings have sudo. */
export interface RemoteHost {
  run(host: HostSettings, script: string, options: RunOptions): Promise<RemoteOutcome>;
}

/** Asks a registry over HTTP and runs nothing for it: one GET, no redirect, with limits on time and size. */
export interface RegistryHttp {
  /** From the bot's own machine. An address that leads back to that machine is not asked. */
  askFromBot(url: string): Promise<Fact<HttpAnswer>>;
  /** From the host itself, through its SSH connection. */
  askFromHost(host: HostSettings, url: string): Promise<AskedFromHost>;
  /** When the certificate ends that is shown there to the bot's own machine, in Unix seconds. */
  certificateEnd(url: string): Promise<Fact<number>>;
}

export type AskedFromHost =
  | { readonly kind: 'asked'; readonly answer: Fact<HttpAnswer> }
  /** The host was reached, and its sshd opened no connection to that address. */
  | { readonly kind: 'not-forwarded'; readonly why: SshProblem }
  | Extract<RemoteOutcome, { kind: 'not-connected' }>;

/** Signs plan documents as the bot, so that a host can distinguish the bot's plans from others. */
export interface PlanSigner {
  sign(document: string): Promise<PlanSignature>;
}

export type PlanSignature =
  /** Armored, as ssh-keygen writes it. */
  | { readonly kind: 'signed'; readonly signature: string }
  /** Nothing was signed, so no host that requires a signature can be changed. */
  | { readonly kind: 'cannot-sign'; readonly why: SigningProblem };

/** Signs checkpoints of the record, so that others can keep what it cannot change. */
export interface CheckpointSigner {
  /** Over the root (base64) of the Merkle tree over the first `size` entries. */
  signCheckpoint(size: number, root: string): Promise<CheckpointSignature>;
}

export type CheckpointSignature =
  /** `note`: see https://c2sp.org/tlog-checkpoint. */
  { readonly kind: 'signed'; readonly note: string } | { readonly kind: 'cannot-sign'; readonly why: SigningProblem };

/** Signs checkpoints over the record, and hands them to those who keep them. */
export interface Checkpoints {
  keep(): Promise<void>;
  /** A checkpoint over everything that is on record now, or the newest one if none can be signed. Null: there is none. */
  signNow(): Promise<SignedCheckpoint | null>;
}

/** A place outside the record that takes checkpoints: a file, or the syslog of another machine. */
export interface CheckpointTaker {
  readonly name: 'file' | 'syslog';
  /** Rejects if the note was not handed over. */
  append(note: string): Promise<void>;
}

export interface CheckpointFile extends CheckpointTaker {
  /** The last note in it. Null: there is none. Rejects if it can't be read. */
  last(): Promise<string | null>;
}

/** Another party that signs a checkpoint after it has verified that the record only grew (https://c2sp.org/tlog-witness). */
export interface CheckpointWitness {
  /** `old`: the size of the last checkpoint that it signed; `proof`: that the record grew from it. */
  addCheckpoint(request: {
    readonly old: number;
    readonly proof: readonly string[];
    readonly note: string;
  }): Promise<WitnessAnswer>;
}

/** An OpenTelemetry collector that takes the entries of the record as logs. */
export interface EntryCollector {
  /** In order. Never rejects. */
  send(entries: readonly AuditEntry[], stop: AbortSignal): Promise<Taking>;
}

export type Taking =
  /** `rejected`: so many of them the collector dropped, and it must not get them again. */
  | { readonly kind: 'taken'; readonly rejected: number; readonly says: string }
  /** It took none: one of them is something that it never takes, or together they are too much. */
  | { readonly kind: 'refused'; readonly why: string }
  /** None is known to be taken. `afterMs`: what the collector asks to wait; 0: nothing. */
  | { readonly kind: 'failed'; readonly why: string; readonly afterMs: number };

/** Checks that a person's signature is over exactly this text, for an approval. The host decides whose key it is. */
export interface ApprovalSignatures {
  check(document: string, signature: string): Promise<ApprovalSignature>;
}

export type ApprovalSignature =
  /** `signature`: in the one form that every host reads, however it was pasted. */
  | { readonly kind: 'well-made'; readonly fingerprint: string; readonly signature: string }
  | { readonly kind: 'refused' | 'cannot-verify'; readonly why: SignatureProblem };

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
  readonly body: AlertNotice | FleetMessage | MuteNotice | MuteSummary | CheckpointNotice;
};

export type NewIncident = Omit<Incident, 'id' | 'verdict' | 'currentPlan' | 'closedAt' | 'state'>;

/**
 * Everything inside one `transact` is in one database transaction: all of it is durable when the promise resolves, or
 * none of it happened. Changes of state are compare-and-set: `false` means that the state was another one, and nothing
 * changed.
 */
export interface RecordTransaction extends QuietRecord {
  /** Inserts an incident. Null: the request key was seen before, so the incident exists already. */
  insertIncident(incident: NewIncident): Promise<Incident | null>;
  incident(id: IncidentId): Promise<Incident | null>;
  incidentByRequest(requestKey: string): Promise<Incident | null>;
  /** Incidents in one of these states, oldest first, of one host if `host` is given. */
  incidentsIn(states: readonly IncidentState[], host?: HostName): Promise<readonly Incident[]>;
  /** The newest incidents of these hosts, open or not, newest first. */
  latestIncidents(hosts: readonly HostName[], limit: number): Promise<readonly Incident[]>;
  moveIncident(
    id: IncidentId,
    from: readonly IncidentState[],
    change: Partial<Pick<Incident, 'state' | 'verdict' | 'currentPlan' | 'closedAt'>>,
  ): Promise<boolean>;

  /** The next free plan id of the incident: `142-1`, `142-2`, … */
  nextPlanId(incidentId: IncidentId): Promise<PlanId>;
  insertPlan(plan: Plan): Promise<void>;
  /**
   * Reads a plan. The stored bytes are parsed again, and the caller compares their hash. Null: there is no such plan.
   */
  plan(id: PlanId): Promise<StoredPlan | null>;
  plansIn(states: readonly PlanState[], host?: HostName): Promise<readonly StoredPlan[]>;
  /** Fails if it would be the second executing plan of its host. */
  movePlan(id: PlanId, from: PlanState, to: PlanState): Promise<boolean>;
  /** Approved and executing plans in execution order: on each host one after the other, the oldest approval first. */
  executionQueue(host?: HostName): Promise<readonly StoredPlan[]>;

  /** Fails if that person has already made this decision on the plan, or if it is not on the plan's own hash. */
  insertDecision(decision: Decision): Promise<void>;
  /** Reads the decisions on a plan, in order. */
  decisions(planId: PlanId): Promise<readonly Decision[]>;

  /** Fails if the plan has an execution already: there is at most one. */
  insertExecution(execution: Execution): Promise<void>;
  execution(planId: PlanId): Promise<Execution | null>;
  /** Fails if it is finished already (`finishedAt` is set). */
  finishExecution(execution: Execution): Promise<void>;

  appendAudit(draft: AuditDraft): Promise<IncidentEntry>;
  /** An act about the bot itself: no incident has it, and no thread tells of it. */
  appendOwnAct(draft: OwnDraft): Promise<AuditEntry>;
  auditEntries(incidentId: IncidentId): Promise<readonly IncidentEntry[]>;
  /** The hashes of the entries after this one, in order. */
  entryHashes(sequence: number, limit: number): Promise<readonly string[]>;
  /** What can be removed from the record, and what has to end before. */
  detailsOf(wanted: DetailsWanted): Promise<Details>;
  /** Fails if the newest entry does not say that something is removed. */
  removeDetails(wanted: DetailsWanted, details: Details): Promise<void>;
  /** The checkpoint over the most entries. Null: there is none. */
  newestCheckpoint(): Promise<SignedCheckpoint | null>;
  /** How many entries the newest checkpoint covers that was put into a channel. 0: none was. */
  checkpointTold(): Promise<number>;
  /** The newest checkpoint that a witness cosigned, with its cosignatures. Null: there is none. */
  newestCosigned(): Promise<SignedCheckpoint | null>;
  /** Keeps a checkpoint with its cosignatures. A second one over as many entries changes nothing. */
  insertCosigned(checkpoint: SignedCheckpoint): Promise<void>;
  /** Fails if there is one over as many entries. */
  insertCheckpoint(checkpoint: SignedCheckpoint): Promise<void>;

  /** The number of the last entry that was sent to the collector. 0: none was. */
  lastSentEntry(): Promise<number>;
  saveLastSentEntry(sequence: number): Promise<void>;

  /** Stores a diagnosis under the entry that records it. Fails if that entry has one already. */
  insertDiagnosis(entry: IncidentEntry, diagnosis: Diagnosis): Promise<void>;
  /** Reads the newest diagnosis of the incident. Null: there is none. */
  diagnosis(incidentId: IncidentId): Promise<Diagnosis | null>;
  /**
   * Stores a verification under the entry that records it, which names the plan. Fails if that entry has one already.
   */
  insertVerification(entry: IncidentEntry, verification: Verification): Promise<void>;
  /** Reads the newest verification after the plan. Null: there is none. */
  verification(planId: PlanId): Promise<Verification | null>;

  putMessage(message: DesiredMessage): Promise<void>;
  message(key: string): Promise<DesiredMessage | null>;
  /** What became of the message with this key. Null: there is none. */
  deliveryOfMessage(key: string): Promise<MessageDelivery | null>;
  /** Where Slack shows the message with this key. Null: nowhere yet. */
  placeOfMessage(key: string): Promise<MessagePlace | null>;
  putNotice(notice: Notice): Promise<void>;

  /** False: a repeat, for which nothing new is kept. */
  insertAlert(alert: Alert): Promise<boolean>;
  /** Those that were not taken up yet, in the order in which they came, after the one with this id. */
  waitingAlerts(afterId: number, limit: number): Promise<readonly ReceivedAlert[]>;
  takeUpAlert(id: number): Promise<void>;
  /** A second time changes nothing. */
  joinAlert(id: number, incidentId: IncidentId): Promise<void>;
  /** The alerts of the incident, each as it was sent last: the first `limit` that joined it, and how many there are. */
  alertsOf(
    incidentId: IncidentId,
    limit: number,
  ): Promise<{ readonly first: readonly ReceivedAlert[]; readonly total: number }>;
  hasAlertLike(incidentId: IncidentId, alert: Pick<Alert, 'source' | 'fingerprint'>): Promise<boolean>;
  /** The fingerprints of alerts without a host that people were told of on this day (`2026-11-29`). */
  alertsToldOn(source: AlertSourceName, day: string): Promise<ReadonlySet<string>>;
  markAlertTold(id: number, day: string): Promise<void>;

  /** Whether the look of this night (`2026-11-29`) has been told. */
  isFleetLookEnded(night: string): Promise<boolean>;
  /** False: it was ended before. */
  endFleetLook(night: string): Promise<boolean>;
  /** What the last nightly look kept of this host. Null: it kept nothing. */
  hostSnapshot(host: HostName): Promise<HostSnapshot | null>;
  putHostSnapshot(host: HostName, snapshot: HostSnapshot): Promise<void>;
}

/** What can be removed from the record. */
export type Details = {
  readonly removed: Removed;
  /** The incidents that it is about. */
  readonly incidents: readonly IncidentId[];
  /** Those of them that have not ended, or of which Slack does not show everything yet. */
  readonly unfinished: readonly IncidentId[];
  /** How many messages and alerts are meant that belong to no incident. */
  readonly apart: number;
  /** How many messages name the person, belong to no incident, and are not shown by Slack yet. */
  readonly waiting: number;
  /** Hosts that the person has muted right now. */
  readonly muted: readonly HostName[];
};

/** The durable record. */
export interface RecordStore {
  /**
   * `work` changes nothing but its transaction: it runs again if the database undid it because of another process.
   */
  transact<T>(work: (tx: RecordTransaction) => Promise<T>): Promise<T>;
}

/** All entries of one incident, or of every incident that has an entry from `since` on and before `until`. */
export type EntriesWanted = { readonly incidentId: IncidentId } | { readonly since: Date; readonly until: Date | null };

/** `entry`: null if its row can't be read. Then `at` is what that row has in place of a time. */
export type StoredEntry = { readonly sequence: number; readonly at: string; readonly entry: AuditEntry | null };

/** Reads the record for people. Changes nothing. */
export interface AuditTrail {
  /** In order: the newest `limit` of them, of one incident if `incidentId` is given. */
  list(which: { readonly incidentId?: IncidentId; readonly limit?: number }): Promise<readonly AuditEntry[]>;
  /** The first `limit` entries after this number, in order, of all incidents. */
  entriesAfter(sequence: number, limit: number): Promise<readonly AuditEntry[]>;
  /** As {@link entriesAfter}, also past rows that can't be read. */
  storedAfter(sequence: number, limit: number): Promise<readonly StoredEntry[]>;
  /** Checks every entry, the chain, its end, and everything else stored that witnesses it. */
  verify(by?: VerifiedBy): Promise<RecordCheck>;
  /** The checkpoint over the most entries. Null: there is none. */
  newestCheckpoint(): Promise<SignedCheckpoint | null>;
  /** The hashes of the entries after this one, in order. */
  entryHashes(sequence: number, limit: number): Promise<readonly string[]>;
  /** The numbers of entries, by incident and in order. */
  entryNumbers(
    wanted: EntriesWanted,
  ): Promise<readonly { readonly incidentId: IncidentId; readonly sequence: number }[]>;
  /** The newest checkpoint that a witness cosigned, with its cosignatures. Null: there is none. */
  newestCosigned(): Promise<SignedCheckpoint | null>;
  /** The messages, as Slack should show them. */
  shownMessages(): Promise<readonly ShownMessage[]>;
  /** Reads an incident with all that belongs to it. Null: there is no such incident. */
  incidentRecord(id: IncidentId): Promise<IncidentRecord | null>;
  /** The diagnoses and verifications of an incident as they are stored, in order. */
  keptBodies(id: IncidentId): Promise<readonly KeptBody[]>;
}

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

/** An answer from Slack about a person. `unknown` if Slack can't say, which counts as no. */
export type MemberAnswer =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'unknown'; readonly why: PersonDoubt };

/** The members of user groups and of the workspace itself. */
export interface Directory {
  isMember(user: UserId, groups: readonly GroupId[]): Promise<MemberAnswer>;
  /**
   * Yes for an active, human, full member of the bot's own workspace. No for guests, bots, deactivated accounts and
   * people of other workspaces (who can click buttons in shared channels).
   */
  isFullMember(person: { readonly team: TeamId; readonly user: UserId }): Promise<MemberAnswer>;
}

export interface Clock {
  now(): Date;
  /** Resolves after the time, or early (without error) if the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What the bot tells monitoring about itself. model/metric.ts lists everything that can be told. */
export interface Metrics {
  count<N extends CounterName>(name: N, labels: MetricLabels<N>): void;
  measure<N extends HistogramName>(name: N, labels: MetricLabels<N>, seconds: number): void;
  /** `null`: the value is not known, and nothing is told until it is. */
  set<N extends GaugeName>(name: N, labels: MetricLabels<N>, value: number | null): void;
}

/** pino's shape, as far as the workflows use it. */
export interface Log {
  child(bindings: Record<string, unknown>): Log;
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** Reads the silences of an Alertmanager that are active. */
export interface SilenceReader {
  /** Null: it gave no answer that can be read. */
  activeSilences(source: AlertSourceSettings): Promise<readonly Silence[] | null>;
}

/** Takes what a source of alerts has sent. It is durable when the promise resolves. */
export interface AlertIntake {
  takeAlerts(delivery: AlertDelivery): Promise<void>;
}

/** What the monitoring of all bots saw last of each host. What a bot told ends with it. */
export interface Sights {
  tell(seen: ReadonlyMap<HostName, WatchSeen>): Promise<void>;
  read(): Promise<ReadonlyMap<HostName, WatchSeen>>;
}

/** One bot's turn at a job that only one bot does at a time. */
export type Turn = {
  /** Fires when the job has to end here. */
  readonly stop: AbortSignal;
  /** Whether another bot is to do the job from now on, so that nothing new is begun here. */
  isMoving(): boolean;
  /** False: another bot might be doing the job. What can't be undone must not be done then. */
  isOurs(): boolean;
  /** This bot can't do the job right now, and another one might. Does nothing if there is no other one. */
  yield(): void;
};

/** A bot among those that work on one record, since it joined them. */
export type BotId = number;

/**
 * Which bot has which turn, in the database of the record and by its clock. A bot has its leases for `lastsMs` from each renewal on. After
 * that the record takes nothing from it until it joins again, as a new bot that has no lease.
 */
export interface Leases {
  readonly lastsMs: number;
  join(): Promise<BotId>;
  /** All leases of this bot at once. Null: it renewed them too late, and has none. */
  renew(): Promise<Renewal | null>;
  /** Resolves to those that it has from now on: no other bot had them. `isAsked`: the others are asked to give them up. */
  take(names: readonly string[], how: { readonly isAsked: boolean }): Promise<readonly string[]>;
  release(names: readonly string[]): Promise<void>;
  /** Ends all leases of this bot. */
  leave(): Promise<void>;
}

export type Renewal = {
  /** Every bot, this one among them. */
  readonly bots: readonly BotId[];
  /** How many leases this bot has. */
  readonly held: number;
  /** Those of them that another bot asks for. */
  readonly asked: readonly string[];
};
