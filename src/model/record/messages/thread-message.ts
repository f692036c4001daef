import { z } from 'zod';
import { Diagnosis, PlanOutlook } from '../../diagnosis/diagnosis.ts';
import { FleetMessage, HostWarnings } from '../../fleet/fleet-look.ts';
import { Review } from '../../plan/decision.ts';
import { ApplyOutcome, Verification } from '../../plan/execution.ts';
import { Plan, PlanState } from '../../plan/plan.ts';
import { GroupCause } from '../../quiet/group.ts';
import { Actor } from '../actor.ts';
import { ToldAlert } from '../alert.ts';
import { AuditEntry } from '../audit.ts';
import { EndReason } from '../end-reason.ts';
import { HostName, IncidentId, Sha256 } from '../ids.ts';
import {
  AlertNotice,
  ChannelRefusedNotice,
  CheckpointNotice,
  ElsewhereNotice,
  MuteNotice,
  MuteSummary,
} from './notices.ts';
import { Approvers, OnCall, PlanCall } from './people.ts';
import { StatusMessage, UnmonitoredMessage } from './status-message.ts';

/**
 * The number and hash of the audit entry that a message covers. The message shows them, so the thread is a second
 * witness.
 */
export const EntryMark = z.strictObject({ sequence: z.number().int().positive(), hash: Sha256 });
export type EntryMark = z.infer<typeof EntryMark>;

/** Entries before `record` that no earlier message covered. Absent: none. Each mark is in one post of the thread. */
const earlier = { earlier: z.array(EntryMark).optional() };

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
  ChannelRefusedNotice,
]);
export type ThreadMessage = z.infer<typeof ThreadMessage>;

/** The audit entries that a message shows, in order: those that it tells in passing, and last the one that it is about. */
export function entryMarksIn(message: ThreadMessage): readonly EntryMark[] {
  const before = 'earlier' in message ? (message.earlier ?? []) : [];
  if (message.kind === 'record') return [...before, EntryMark.strip().parse(message.entry)];
  return 'record' in message ? [...before, message.record] : [];
}
