import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { HostSnapshot } from '../../model/fleet/fleet-look.ts';
import type { Decision } from '../../model/plan/decision.ts';
import type { Execution, Verification } from '../../model/plan/execution.ts';
import type { Plan, PlanState, StoredPlan } from '../../model/plan/plan.ts';
import type { Alert, AlertSourceName, ReceivedAlert } from '../../model/record/alert.ts';
import type { AuditDraft, AuditEntry, IncidentEntry, OwnDraft } from '../../model/record/audit.ts';
import type { SignedCheckpoint } from '../../model/record/checkpoint.ts';
import type { DetailsWanted, Removed } from '../../model/record/erasable.ts';
import type { ChannelId, HostName, IncidentId, PlanId } from '../../model/record/ids.ts';
import type { Incident, IncidentState } from '../../model/record/incident.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import type { MessageDelivery } from '../../model/record/record.ts';
import type { DesiredMessage, MessagePlace, Notice } from './messages.ts';
import type { QuietRecord } from './quiet-record.ts';

/** The durable record, for those who work on it. */

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
  /** The newest entry about the config file. Null: no entry is about it, or it can’t be read. */
  newestConfigChange(): Promise<AuditEntry | null>;
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
  /** Keeps it, unless there is one over as many entries. Resolves to the one that is kept. */
  keepCheckpoint(checkpoint: SignedCheckpoint): Promise<SignedCheckpoint>;

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
  /** What the notice with this key says. Null: no notice has this key, or it was dropped. */
  notice(key: string): Promise<ThreadMessage | null>;
  /** How many messages Slack does not show yet that go into the channel. */
  waitingFor(channel: ChannelId): Promise<number>;

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
  /** How many messages and alerts are kept with these incidents. */
  readonly kept: number;
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
