import { z } from 'zod';
import { Diagnosis, PlanOutlook } from '../../diagnosis/diagnosis.ts';
import { FleetMessage, HostWarnings } from '../../fleet/fleet-look.ts';
import { Review } from '../../plan/decision.ts';
import { ApplyOutcome, Verification } from '../../plan/execution.ts';
import { RecoveryDoubt } from '../../plan/outcome-reason.ts';
import { Plan, PlanState } from '../../plan/plan.ts';
import { GroupCause } from '../../quiet/group.ts';
import { MuteSource } from '../../quiet/mute.ts';
import { Actor } from '../actor.ts';
import { ToldAlert } from '../alert.ts';
import { AuditEntry } from '../audit.ts';
import { ClosingNumbers } from '../closing-numbers.ts';
import { EndReason } from '../end-reason.ts';
import { ChannelId, GroupId, HostName, IncidentId, Sha256, UserId } from '../ids.ts';

/**
 * The number and hash of the audit entry that a message covers. The message shows them, so the thread is a second
 * witness.
 */
export const EntryMark = z.strictObject({ sequence: z.number().int().positive(), hash: Sha256 });
export type EntryMark = z.infer<typeof EntryMark>;

/** Entries before `record` that no earlier message covered. Absent: none. Each mark is in one post of the thread. */
const earlier = { earlier: z.array(EntryMark).optional() };

/** The people who can decide on a plan. */
const Approvers = z.strictObject({ users: z.array(UserId), groups: z.array(GroupId) });
export type Approvers = z.infer<typeof Approvers>;

/** The people on call for a host, who are mentioned when monitoring or an alert notices a fault of it. */
const OnCall = Approvers.extend({
  /** Their quiet hours: they are named without a mention. */
  isQuiet: z.boolean(),
  /** What Slack calls them, found when the message is delivered in quiet hours. */
  names: z.array(z.string()).optional(),
});
export type OnCall = z.infer<typeof OnCall>;

/** Why people are called to a plan that waits: it expires soon, or no approver decides. */
export const PlanCall = z.enum(['reminder', 'escalation']);
export type PlanCall = z.infer<typeof PlanCall>;

/** The one message in the channel, which is edited. */
export const StatusMessage = z.strictObject({
  kind: z.literal('status'),
  incidentId: IncidentId,
  host: HostName,
  openedBy: Actor,
  openedAt: z.iso.datetime(),
  /** The alert that opened it. Absent: none did. */
  alert: ToldAlert.optional(),
  /** `queued`: the maximum number of diagnoses is already running. */
  stage: z.enum(['queued', 'connecting', 'judging', 'done']),
  diagnosis: Diagnosis.nullable(),
  plan: z
    .strictObject({
      id: Plan.shape.id,
      state: PlanState,
      /** Absent if one approval is enough. */
      approvals: z.strictObject({ given: z.number().int(), needed: z.number().int() }).optional(),
      /** The plan that has to be over before this one begins. */
      waitsFor: Plan.shape.id.optional(),
      /** Who must act while it is open. */
      approvers: Approvers.optional(),
      /** Who approved or rejected it. */
      decidedBy: z.array(Actor).optional(),
    })
    .nullable(),
  /** How many audit entries the incident has. */
  recordEntries: z.number().int().min(0),
  resolvedAt: z.iso.datetime().nullable(),
  /** At its end. Absent before. */
  numbers: ClosingNumbers.optional(),
  /** False: it was resolved or closed. */
  isOpen: z.boolean(),
  /** Absent: no one is on call, or a person opened it. */
  onCall: OnCall.optional(),
  /** Who is on it. Absent: no one has said so. */
  acknowledged: z.strictObject({ by: Actor, at: z.iso.datetime() }).optional(),
  /** Who noticed last that the fault was back, and when. Absent: it never came back. */
  reopened: z.strictObject({ by: Actor, at: z.iso.datetime() }).optional(),
  /** How often the registry changed since then. Null or absent: it does not flap. */
  flapping: z.strictObject({ since: z.iso.datetime(), changes: z.number().int() }).nullable().optional(),
});
export type StatusMessage = z.infer<typeof StatusMessage>;

/** A watched host can't be checked: the one message in the channel, which is edited once it can. */
export const UnmonitoredMessage = z.strictObject({
  kind: z.literal('unmonitored'),
  incidentId: IncidentId,
  host: HostName,
  openedAt: z.iso.datetime(),
  /** The first look without an answer. */
  since: z.iso.datetime(),
  /** Null: not since the bot's start. */
  lastSeenAt: z.iso.datetime().nullable(),
  /** Null: the host answered, and says nothing of its registry. */
  why: RecoveryDoubt.nullable(),
  /** Null: it still can't be checked. */
  seenAgainAt: z.iso.datetime().nullable(),
});
export type UnmonitoredMessage = z.infer<typeof UnmonitoredMessage>;

/** Who approved a plan, and when the last of them did. */
const Approval = z.strictObject({ by: z.array(Actor).min(1), at: z.iso.datetime() });

/** How an alert of an incident is now. */
const AlertLine = z.strictObject({
  ...ToldAlert.shape,
  status: z.enum(['firing', 'resolved']),
  /** Since when it fires, or when its end was received. */
  at: z.iso.datetime(),
});
export type AlertLine = z.infer<typeof AlertLine>;

/** The alerts that joined an incident, one line each; edited. The oldest are shown, the others are counted. */
export const AlertsMessage = z.strictObject({
  kind: z.literal('alerts'),
  host: HostName,
  alerts: z.array(AlertLine).min(1).max(20),
  more: z.number().int().min(0),
});

/** What is told of alerts that belong to no incident. A post in the incident channel, without a thread. */
export const AlertNotice = z.discriminatedUnion('about', [
  /** No host of the config fits. `labels`: some of those that it has, for a `match`. */
  z.strictObject({
    kind: z.literal('alert-notice'),
    about: z.literal('no-host'),
    alert: ToldAlert,
    labels: z.record(z.string(), z.string()),
  }),
  /** The day had more of these; they are only counted. */
  z.strictObject({
    kind: z.literal('alert-notice'),
    about: z.literal('more-without-host'),
    source: ToldAlert.shape.source,
    count: z.number().int().positive(),
  }),
  /** The sender left some of a group out (`truncatedAlerts`). */
  z.strictObject({
    kind: z.literal('alert-notice'),
    about: z.literal('left-out'),
    source: ToldAlert.shape.source,
    count: z.number().int().positive(),
  }),
]);
export type AlertNotice = z.infer<typeof AlertNotice>;

/**
 * Monitoring or an alert noticed a fault of a host whose incident is open in another channel. A post in the incident channel, without a
 * thread.
 */
export const ElsewhereNotice = z.strictObject({
  kind: z.literal('incident-elsewhere'),
  host: HostName,
  incidentId: IncidentId,
  /** Where the incident is. */
  channel: ChannelId,
  noticedBy: Actor,
  at: z.iso.datetime(),
  /** Absent: no one is on call. */
  onCall: OnCall.optional(),
});
export type ElsewhereNotice = z.infer<typeof ElsewhereNotice>;

/** Told when someone mutes a host. A post in the incident channel, without a thread. */
export const MuteNotice = z.strictObject({
  kind: z.literal('mute-notice'),
  host: HostName,
  source: MuteSource,
  until: z.iso.datetime(),
});
export type MuteNotice = z.infer<typeof MuteNotice>;

/** What is told of muted hosts at the end. A post in the incident channel, without a thread. */
export const MuteSummary = z.strictObject({
  kind: z.literal('mute-summary'),
  source: MuteSource,
  since: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  hosts: z
    .array(
      z.strictObject({
        host: HostName,
        /** How often monitoring saw the registry become unhealthy. */
        faults: z.number().int().min(0),
        alerts: z.number().int().min(0),
        /** When the first of these was noticed. Null: nothing was. */
        firstAt: z.iso.datetime().nullable(),
        /** That it could not be checked for long: since when it can’t, or when it first couldn’t. Null: it could. */
        notChecked: z.strictObject({ since: z.iso.datetime(), isOver: z.boolean() }).nullable(),
        /** Open in the channel when the mute ended. */
        openIncident: IncidentId.nullable(),
        /** Something of it is not over, or its incident is open. */
        isStillBroken: z.boolean(),
      }),
    )
    .min(1),
});
export type MuteSummary = z.infer<typeof MuteSummary>;

/**
 * A checkpoint of the record, for people to keep. A post in the incident channel, without a thread, that is never edited: an edited
 * post is no witness.
 */
export const CheckpointNotice = z.strictObject({
  kind: z.literal('checkpoint'),
  entries: z.number().int().positive(),
  /** The signed checkpoint (hash/checkpoint.ts, `checkpointLine`). */
  line: z.string().max(2_000),
});
export type CheckpointNotice = z.infer<typeof CheckpointNotice>;

/** More would be no summary. */
export const MOST_SUMMARY_LINES = 30;

/** How one incident of a summary is. */
export const SummaryLine = z.strictObject({
  id: IncidentId,
  host: HostName,
  state: z.enum(['diagnosing', 'broken', 'healthy', 'unclear']),
  plan: z.strictObject({ id: Plan.shape.id, state: PlanState }).nullable(),
});
export type SummaryLine = z.infer<typeof SummaryLine>;

/** What a channel shows when many hosts fail at once, or with one cause; edited. Their plans are in its thread. */
export const SummaryMessage = z.strictObject({
  kind: z.literal('summary'),
  /** The incident that made it necessary. */
  incidentId: IncidentId,
  openedAt: z.iso.datetime(),
  /** The first of them, in the order in which they were opened. */
  incidents: z.array(SummaryLine).min(1).max(MOST_SUMMARY_LINES),
  /** Further incidents, which are only counted. */
  more: z.number().int().min(0),
  /** What they have in common. Null: not known. */
  cause: GroupCause.nullable(),
});
export type SummaryMessage = z.infer<typeof SummaryMessage>;

const file = { kind: z.literal('file'), incidentId: IncidentId, at: z.iso.datetime() };

/**
 * A file in the thread, made when it is delivered, from what is on record then. A post of its own, which is never edited. It is
 * given up if it can't be uploaded for long after `at`.
 */
export const FileMessage = z.discriminatedUnion('about', [
  /** The whole record of the incident. `entries`: how many it had when someone asked for it. */
  z.strictObject({ ...file, about: z.literal('record'), host: HostName, entries: z.number().int().positive() }),
  /** The path and the timeline. `sequence`: the entry of the diagnosis. */
  z.strictObject({
    ...file,
    about: z.literal('picture'),
    diagnosis: Diagnosis,
    sequence: z.number().int().positive(),
  }),
]);
export type FileMessage = z.infer<typeof FileMessage>;

/** The messages of a thread, and notices beside it. `slack/cards/` renders each when it is delivered. */
export const ThreadMessage = z.discriminatedUnion('kind', [
  StatusMessage,
  z.strictObject({
    kind: z.literal('verdict'),
    incidentId: IncidentId,
    diagnosis: Diagnosis,
    record: EntryMark,
    ...earlier,
  }),
  z.strictObject({
    kind: z.literal('plan'),
    plan: Plan,
    state: PlanState,
    decision: z
      .strictObject({
        by: Actor,
        at: z.iso.datetime(),
        verdict: z.enum(['approved', 'rejected']),
        reason: z.string().nullable(),
      })
      .nullable(),
    review: Review,
    /** The plan that runs on the host and has to be over before this one begins. */
    waitsFor: Plan.shape.id.optional(),
    /** Why it ended before it ran. Absent until then. */
    because: EndReason.optional(),
    /** Who withdrew it. Absent: no one did. */
    withdrawn: z.strictObject({ by: Actor, at: z.iso.datetime() }).optional(),
    /** Absent for an undo. */
    outlook: PlanOutlook.optional(),
    approvers: Approvers.optional(),
    /** Its first post is shown in the channel as well. */
    broadcast: z.literal(true).optional(),
    record: EntryMark,
  }),
  /** The fault of an incident is back. The channel sees it as well, not only the thread. */
  z.strictObject({
    kind: z.literal('reopened'),
    incidentId: IncidentId,
    host: HostName,
    by: Actor,
    at: z.iso.datetime(),
    /** Absent: no one is on call. */
    onCall: OnCall.optional(),
    record: EntryMark,
    ...earlier,
  }),
  /** A call to people for a plan that waits. */
  z.strictObject({
    kind: z.literal('call'),
    call: PlanCall,
    plan: Plan.pick({ id: true, host: true, createdAt: true, expiresAt: true }),
    people: Approvers,
    /** The plan waits no more: no one is mentioned. */
    isOver: z.boolean(),
    record: EntryMark,
    ...earlier,
  }),
  /** A plan's outcome on its host. `approval`: who approved it. Absent while another message shows that. */
  z.strictObject({
    kind: z.literal('execution'),
    plan: Plan,
    outcome: ApplyOutcome,
    approval: Approval.optional(),
    record: EntryMark,
    ...earlier,
  }),
  /** The outcome of an applied plan, with the registry's own answer after it. */
  z.strictObject({
    kind: z.literal('verification'),
    plan: Plan,
    outcome: ApplyOutcome,
    verification: Verification,
    approval: Approval.optional(),
    record: EntryMark,
    ...earlier,
  }),
  AlertsMessage,
  AlertNotice,
  /** Any other action, on one line. */
  z.strictObject({ kind: z.literal('record'), host: HostName, entry: AuditEntry, ...earlier }),
  UnmonitoredMessage,
  SummaryMessage,
  FleetMessage,
  HostWarnings,
  FileMessage,
  ElsewhereNotice,
  MuteNotice,
  MuteSummary,
  CheckpointNotice,
]);
export type ThreadMessage = z.infer<typeof ThreadMessage>;

/** The audit entries that a message shows, in order: those that it tells in passing, and last the one that it is about. */
export function entryMarksIn(message: ThreadMessage): readonly EntryMark[] {
  const before = 'earlier' in message ? (message.earlier ?? []) : [];
  if (message.kind === 'record') return [...before, EntryMark.strip().parse(message.entry)];
  return 'record' in message ? [...before, message.record] : [];
}
