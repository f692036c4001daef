import type { Diagnosis } from '../model/diagnosis/diagnosis.ts';
import type { SshProblem } from '../model/host/ssh-problem.ts';
import type { Decision } from '../model/plan/decision.ts';
import type { Execution, Verification } from '../model/plan/execution.ts';
import type { Plan, PlanState, StoredPlan } from '../model/plan/plan.ts';
import type { SignatureProblem } from '../model/plan/signature-problem.ts';
import type { SigningProblem } from '../model/plan/signing-problem.ts';
import type { AuditDraft, AuditEntry } from '../model/record/audit.ts';
import type { ChannelId, GroupId, HostName, IncidentId, PlanId, TeamId, UserId } from '../model/record/ids.ts';
import type { Incident, IncidentState } from '../model/record/incident.ts';
import type { IncidentRecord, RecordCheck } from '../model/record/record.ts';
import type { GiveUpReason, PersonDoubt, SlackFailure } from '../model/record/slack-failure.ts';
import type { ThreadMessage } from '../model/record/thread-message.ts';
import type { HostSettings } from '../model/settings/settings.ts';

/**
 * What the workflows need of the outside world. Adapters at the rim (ssh/, store/, slack/) implement these;
 * `compose/` puts them together. Expected outcomes are values; a rejected promise means broken infrastructure or a bug.
 */

/** What running a script on a host came to. */
export type RemoteOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly output: RemoteOutput }
  /** The script may have run, wholly or in part; it is not known. */
  | { readonly kind: 'no-exit-status'; readonly why: SshProblem; readonly output: RemoteOutput }
  | { readonly kind: 'timed-out'; readonly timeoutMs: number; readonly output: RemoteOutput }
  /** Nothing was run. */
  | { readonly kind: 'not-connected'; readonly reason: NotConnectedReason; readonly why: SshProblem };

/** `login-key-unusable`, `known-hosts-unreadable`: the trouble is on the bot's machine; the host was not asked. */
export type NotConnectedReason =
  | 'login-key-unusable'
  | 'known-hosts-unreadable'
  | 'host-unreachable'
  | 'host-key-mismatch'
  | 'authentication-failed';

export type RemoteOutput = {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** True when there was more than `maxOutputBytes`, and the rest was dropped. */
  readonly truncated: boolean;
};

export type RunOptions = {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  /** An approved change: takes priority over read-only scripts and is never rejected because the queue is full. */
  readonly approved?: true;
};

/** Runs a POSIX sh script on a host: one exec, the script over stdin, as root if the host's settings say sudo. */
export interface RemoteHost {
  run(host: HostSettings, script: string, options: RunOptions): Promise<RemoteOutcome>;
}

/** Signs plan documents as the bot, so that a host can tell the bot's plans from those that someone else has written. */
export interface PlanSigner {
  sign(document: string): Promise<PlanSignature>;
}

export type PlanSignature =
  /** Armored, as ssh-keygen writes it. */
  | { readonly kind: 'signed'; readonly signature: string }
  /** Nothing was signed, so no host that requires a signature can be changed. */
  | { readonly kind: 'cannot-sign'; readonly why: SigningProblem };

/** Checks that a person's signature is over this very text, for an approval. Whose key it is, is for the host to decide. */
export interface ApprovalSignatures {
  check(document: string, signature: string): Promise<ApprovalSignature>;
}

export type ApprovalSignature =
  /** `signature`: in the one form that every host reads, however it was pasted. */
  | { readonly kind: 'well-made'; readonly fingerprint: string; readonly signature: string }
  | { readonly kind: 'refused' | 'cannot-verify'; readonly why: SignatureProblem };

/** A message that the thread should show. Putting the same key again replaces the body: the message is edited in place. */
export type DesiredMessage = {
  /** Unique; one key, one message in Slack, however often it is delivered. */
  readonly key: string;
  readonly incidentId: IncidentId;
  readonly placement: 'channel' | 'thread';
  readonly body: ThreadMessage;
};

export type NewIncident = Omit<Incident, 'id' | 'verdict' | 'currentPlan' | 'closedAt' | 'state'>;

/**
 * Everything inside one `transact` is in one database transaction: all of it is durable when the promise resolves, or
 * none of it happened. Changes of state are compare-and-set: `false` means that the state was another, and nothing changed.
 */
export interface RecordTransaction {
  /** Null when the request key was seen before: the incident exists already. */
  insertIncident(incident: NewIncident): Promise<Incident | null>;
  incident(id: IncidentId): Promise<Incident | null>;
  incidentByRequest(requestKey: string): Promise<Incident | null>;
  /** Incidents in one of these states, oldest first; of one host when `host` is given. */
  incidentsIn(states: readonly IncidentState[], host?: HostName): Promise<readonly Incident[]>;
  moveIncident(
    id: IncidentId,
    from: readonly IncidentState[],
    change: Partial<Pick<Incident, 'state' | 'verdict' | 'currentPlan' | 'closedAt'>>,
  ): Promise<boolean>;

  /** The next free plan id of the incident: `142-1`, `142-2`, … */
  nextPlanId(incidentId: IncidentId): Promise<PlanId>;
  insertPlan(plan: Plan): Promise<void>;
  /** Null: no such plan. The bytes stored are parsed again, but their hash is for the caller to compare. */
  plan(id: PlanId): Promise<StoredPlan | null>;
  plansIn(states: readonly PlanState[], host?: HostName): Promise<readonly StoredPlan[]>;
  /** Fails when it would be the second plan of its host that is `executing`. */
  movePlan(id: PlanId, from: PlanState, to: PlanState): Promise<boolean>;
  /** What is approved or executing, in the order in which it runs: on each host one after the other, the oldest approval first. */
  executionQueue(host?: HostName): Promise<readonly StoredPlan[]>;

  /** Fails if that person has made this decision on the plan already, and if it is not on the plan's own hash. */
  insertDecision(decision: Decision): Promise<void>;
  /** In their order. */
  decisions(planId: PlanId): Promise<readonly Decision[]>;

  /** Fails when the plan has an execution already: there is at most one. */
  insertExecution(execution: Execution): Promise<void>;
  execution(planId: PlanId): Promise<Execution | null>;
  /** Fails when it is finished already (`finishedAt` is set). */
  finishExecution(execution: Execution): Promise<void>;

  appendAudit(draft: AuditDraft): Promise<AuditEntry>;
  auditEntries(incidentId: IncidentId): Promise<readonly AuditEntry[]>;

  /** Under the entry that puts it on record; fails when that entry has one already. */
  insertDiagnosis(entry: AuditEntry, diagnosis: Diagnosis): Promise<void>;
  /** The newest one of the incident; null while there is none. */
  diagnosis(incidentId: IncidentId): Promise<Diagnosis | null>;
  /** Under the entry that puts it on record, which names the plan; fails when that entry has one already. */
  insertVerification(entry: AuditEntry, verification: Verification): Promise<void>;
  /** The newest one after the plan; null while there is none. */
  verification(planId: PlanId): Promise<Verification | null>;

  putMessage(message: DesiredMessage): Promise<void>;
  message(key: string): Promise<DesiredMessage | null>;
}

/** The durable record. */
export interface RecordStore {
  transact<T>(work: (tx: RecordTransaction) => Promise<T>): Promise<T>;
}

/** Reads the record, for people: nothing is changed by it. */
export interface AuditTrail {
  /** In their order; the newest `limit` of them, of one incident when `incidentId` is given. */
  list(which: { readonly incidentId?: IncidentId; readonly limit?: number }): Promise<readonly AuditEntry[]>;
  /** Checks every entry, the chain, the end of it, and what else is stored that witnesses it. */
  verify(): Promise<RecordCheck>;
  /** Null: no such incident. */
  incidentRecord(id: IncidentId): Promise<IncidentRecord | null>;
}

/** A desired message that Slack does not show yet, or shows in an older version. */
export type PendingMessage = DesiredMessage & {
  readonly version: number;
  readonly channel: ChannelId;
  /** Slack's id of this message when it was posted before. */
  readonly ts: string | null;
  /** Slack's id of the incident's message in the channel; null until that one is posted. */
  readonly threadTs: string | null;
  /** True when an earlier attempt may have succeeded and only its answer was lost. */
  readonly maybePosted: boolean;
};

/** The queue of messages on their way to Slack. */
export interface Outbox {
  /** In order of need: what carries buttons and channel messages first, then by age; at most one for each incident. */
  pending(limit: number, now: Date): Promise<readonly PendingMessage[]>;
  markTrying(key: string): Promise<void>;
  markDelivered(key: string, version: number, ts: string): Promise<void>;
  postpone(key: string, until: Date): Promise<void>;
  /** Slack will never accept this message: keeps it on record with the reason, and goes on with the others. */
  giveUp(key: string, version: number, why: GiveUpReason): Promise<void>;
}

export type Delivery =
  | { readonly kind: 'delivered'; readonly ts: string }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly why: RetryReason }
  | { readonly kind: 'refused'; readonly why: SlackFailure };

/** What has to change before a message is tried again. */
export type RetryReason = SlackFailure | { readonly kind: 'no-channel-message' };

/** Puts a message into Slack, or edits it there. */
export interface Messenger {
  deliver(message: PendingMessage): Promise<Delivery>;
}

/** An answer from Slack about a person. `unknown` when Slack cannot say: then the answer is no. */
export type MemberAnswer =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'unknown'; readonly why: PersonDoubt };

/** Who belongs to a user group, and who to the workspace itself. */
export interface Directory {
  isMember(user: UserId, groups: readonly GroupId[]): Promise<MemberAnswer>;
  /**
   * Yes for a living, human, full member of the bot's own workspace; no for guests, bots, deactivated accounts and
   * people of other workspaces (who can click buttons in shared channels).
   */
  isFullMember(person: { readonly team: TeamId; readonly user: UserId }): Promise<MemberAnswer>;
}

export interface Clock {
  now(): Date;
  /** Resolves after the time, or early (without error) when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** pino's shape, as far as the workflows use it. */
export interface Log {
  child(bindings: Record<string, unknown>): Log;
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
