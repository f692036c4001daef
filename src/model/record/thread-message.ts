import { z } from 'zod';
import { Diagnosis, PlanOutlook } from '../diagnosis/diagnosis.ts';
import { Review } from '../plan/decision.ts';
import { ApplyOutcome, Verification } from '../plan/execution.ts';
import { Plan, PlanState } from '../plan/plan.ts';
import { Actor } from './actor.ts';
import { AuditEntry } from './audit.ts';
import { ChannelId, GroupId, HostName, IncidentId, Sha256, UserId } from './ids.ts';

/** The number and hash of the audit entry that a message tells of; shown in it, so the thread is a second witness. */
export const RecordMark = z.strictObject({ sequence: z.number().int().positive(), hash: Sha256 });
export type RecordMark = z.infer<typeof RecordMark>;

/** Entries before `record` that no earlier message told of; absent: none. Each mark is in one post of the thread. */
const earlier = { earlier: z.array(RecordMark).optional() };

/** The people who may decide on a plan. */
const Approvers = z.strictObject({ users: z.array(UserId), groups: z.array(GroupId) });

/** The one message in the channel, updated in place. */
export const StatusMessage = z.strictObject({
  kind: z.literal('status'),
  incidentId: IncidentId,
  host: HostName,
  openedBy: Actor,
  openedAt: z.iso.datetime(),
  /** `queued`: more diagnoses are under way than may run at once. */
  stage: z.enum(['queued', 'connecting', 'judging', 'done']),
  diagnosis: Diagnosis.nullable(),
  plan: z
    .strictObject({
      id: Plan.shape.id,
      state: PlanState,
      /** Absent where one approval is enough. */
      approvals: z.strictObject({ given: z.number().int(), needed: z.number().int() }).optional(),
      /** The plan that has to be over before this one begins. */
      waitsFor: Plan.shape.id.optional(),
      /** Who is waited for while it is open. */
      approvers: Approvers.optional(),
      /** Who approved or rejected it. */
      decidedBy: z.array(Actor).optional(),
    })
    .nullable(),
  /** How many audit entries the incident has. */
  recordEntries: z.number().int().min(0),
  resolvedAt: z.iso.datetime().nullable(),
});
export type StatusMessage = z.infer<typeof StatusMessage>;

/** Who approved a plan, and when the last of them did. */
const Approval = z.strictObject({ by: z.array(Actor).min(1), at: z.iso.datetime() });

/** What the thread can hold. Each is rendered by `slack/cards/` when it is delivered. */
export const ThreadMessage = z.discriminatedUnion('kind', [
  StatusMessage,
  z.strictObject({
    kind: z.literal('verdict'),
    incidentId: IncidentId,
    diagnosis: Diagnosis,
    record: RecordMark,
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
    /** Why it ended before it ran; absent until then. */
    because: z.string().optional(),
    /** Absent for an undo. */
    outlook: PlanOutlook.optional(),
    approvers: Approvers.optional(),
    record: RecordMark,
  }),
  /** What became of a plan on its host. `approval`: who approved it; absent while that is told elsewhere. */
  z.strictObject({
    kind: z.literal('execution'),
    plan: Plan,
    outcome: ApplyOutcome,
    approval: Approval.optional(),
    record: RecordMark,
    ...earlier,
  }),
  /** The outcome of a plan that was applied, with the registry's own word after it. */
  z.strictObject({
    kind: z.literal('verification'),
    plan: Plan,
    outcome: ApplyOutcome,
    verification: Verification,
    approval: Approval.optional(),
    record: RecordMark,
    ...earlier,
  }),
  /** Any other act, on one line. */
  z.strictObject({ kind: z.literal('record'), host: HostName, entry: AuditEntry, ...earlier }),
]);
export type ThreadMessage = z.infer<typeof ThreadMessage>;

/** What is wrong with what was typed after the command. */
export const UsageProblem = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('host-missing') }),
  z.strictObject({ kind: z.literal('too-many-words') }),
  z.strictObject({ kind: z.literal('unknown-verb'), verb: z.string() }),
]);
export type UsageProblem = z.infer<typeof UsageProblem>;

/** A short answer that only one person sees. */
export const PrivateAnswer = z.discriminatedUnion('kind', [
  /** `hosts`: what this person may ask about, here. */
  z.strictObject({ kind: z.literal('usage'), problem: UsageProblem.nullable(), hosts: z.array(HostName) }),
  z.strictObject({
    kind: z.literal('unknown-host'),
    asked: z.string(),
    nearest: z.array(HostName),
    known: z.array(HostName),
  }),
  z.strictObject({ kind: z.literal('may-not-request') }),
  /** `host` is null where nothing that is known was spoken of. */
  z.strictObject({ kind: z.literal('wrong-channel'), host: HostName.nullable(), channels: z.array(ChannelId) }),
  z.strictObject({ kind: z.literal('already-diagnosing'), host: HostName, incidentId: IncidentId }),
  z.strictObject({
    kind: z.literal('may-not-decide'),
    host: HostName,
    approvers: z.array(UserId),
    approverGroups: z.array(GroupId),
  }),
  z.strictObject({
    kind: z.literal('own-plan'),
    host: HostName,
    /** What they asked for. */
    askedFor: z.enum(['diagnosis', 'undo']),
    approvers: z.array(UserId),
    approverGroups: z.array(GroupId),
  }),
  z.strictObject({ kind: z.literal('cannot-check-person'), why: z.string() }),
  z.strictObject({ kind: z.literal('plan-not-open'), planId: Plan.shape.id, state: PlanState }),
  z.strictObject({ kind: z.literal('approved-before'), planId: Plan.shape.id, missing: z.number().int() }),
  /** Somebody who approved earlier may not any more, or Slack cannot say (`why`). */
  z.strictObject({
    kind: z.literal('earlier-approval-lapsed'),
    planId: Plan.shape.id,
    by: Actor,
    why: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('plan-unknown') }),
  /** The plan of that number is another one than the card shows. */
  z.strictObject({ kind: z.literal('other-plan'), planId: Plan.shape.id }),
  /** Nothing was proposed: the plan cannot be taken back (any more). */
  z.strictObject({
    kind: z.literal('cannot-undo'),
    planId: Plan.shape.id,
    why: z.enum(['not-applied', 'states-unknown', 'opens-to-everybody', 'undone-already', 'undo-waits', 'other-place']),
  }),
  z.strictObject({ kind: z.literal('signature-refused'), planId: Plan.shape.id, why: z.string() }),
  z.strictObject({ kind: z.literal('host-not-asked'), host: HostName, why: z.string() }),
  z.strictObject({ kind: z.literal('host-busy'), host: HostName }),
  z.strictObject({ kind: z.literal('record-failed'), why: z.string() }),
  z.strictObject({ kind: z.literal('not-in-channel') }),
]);
export type PrivateAnswer = z.infer<typeof PrivateAnswer>;
