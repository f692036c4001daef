import { z } from 'zod';
import { NoAnswer } from '../../connection/no-answer.ts';
import { Plan, PlanState } from '../../plan/plan.ts';
import { SignatureProblem } from '../../plan/signature-problem.ts';
import { MuteSource } from '../../quiet/mute.ts';
import { Actor } from '../actor.ts';
import { UsageProblem } from '../command.ts';
import { ChannelId, GroupId, HostName, IncidentId, UserId } from '../ids.ts';
import { GiveUpReason, PersonDoubt } from './slack-failure.ts';

/** A mismatch in the record that blocks every decision on it. */
const RecordDoubt = z.enum(['plan-not-as-shown', 'plan-not-as-sealed', 'plan-not-on-record', 'approval-not-on-record']);

/** `channel`: where the incident is. Absent: where the request was made. */
const elsewhere = { channel: ChannelId.optional() };

/** A short answer that only one person sees. */
export const PrivateAnswer = z.discriminatedUnion('kind', [
  /** `hosts`: what this person can ask about, here. */
  z.strictObject({ kind: z.literal('usage'), problem: UsageProblem.nullable(), hosts: z.array(HostName) }),
  z.strictObject({
    kind: z.literal('unknown-host'),
    asked: z.string(),
    nearest: z.array(HostName),
    known: z.array(HostName),
  }),
  z.strictObject({ kind: z.literal('may-not-request') }),
  /** `host` is null if the request named no known host. */
  z.strictObject({ kind: z.literal('wrong-channel'), host: HostName.nullable(), channels: z.array(ChannelId) }),
  z.strictObject({ kind: z.literal('already-diagnosing'), host: HostName, incidentId: IncidentId, ...elsewhere }),
  /** The host has this incident open, which was diagnosed again. */
  z.strictObject({ kind: z.literal('joined-incident'), host: HostName, incidentId: IncidentId, ...elsewhere }),
  z.strictObject({
    kind: z.literal('muted'),
    host: HostName,
    until: z.iso.datetime(),
    /** By monitoring, so it is still checked. */
    isWatched: z.boolean(),
  }),
  /** `others`: what still mutes it. */
  z.strictObject({ kind: z.literal('unmuted'), host: HostName, others: z.array(MuteSource) }),
  z.strictObject({ kind: z.literal('not-muted'), host: HostName, others: z.array(MuteSource) }),
  z.strictObject({
    kind: z.literal('may-not-decide'),
    host: HostName,
    approvers: z.array(UserId),
    approverGroups: z.array(GroupId),
  }),
  z.strictObject({
    kind: z.literal('own-plan'),
    host: HostName,
    /** What they requested. */
    askedFor: z.enum(['diagnosis', 'undo']),
    approvers: z.array(UserId),
    approverGroups: z.array(GroupId),
  }),
  z.strictObject({ kind: z.literal('cannot-check-person'), why: PersonDoubt }),
  z.strictObject({ kind: z.literal('not-requester'), planId: Plan.shape.id }),
  z.strictObject({ kind: z.literal('plan-not-open'), planId: Plan.shape.id, state: PlanState }),
  z.strictObject({ kind: z.literal('approved-before'), planId: Plan.shape.id, missing: z.number().int() }),
  /** An earlier approver no longer is one, or Slack can't say (`why`). */
  z.strictObject({
    kind: z.literal('earlier-approval-lapsed'),
    planId: Plan.shape.id,
    by: Actor,
    why: PersonDoubt.nullable(),
  }),
  z.strictObject({ kind: z.literal('plan-unknown') }),
  /** The plan with that number is another one than on the card. */
  z.strictObject({ kind: z.literal('incident-unknown') }),
  z.strictObject({ kind: z.literal('incident-over'), incidentId: IncidentId }),
  /** This person is on it already. */
  z.strictObject({ kind: z.literal('acknowledged-before'), incidentId: IncidentId }),
  z.strictObject({ kind: z.literal('may-not-acknowledge'), host: HostName }),
  z.strictObject({ kind: z.literal('other-plan'), planId: Plan.shape.id }),
  /** The plan can't be undone (any more), so nothing was proposed. */
  z.strictObject({
    kind: z.literal('cannot-undo'),
    planId: Plan.shape.id,
    why: z.enum(['not-applied', 'states-unknown', 'opens-to-everybody', 'undone-already', 'undo-waits', 'other-place']),
  }),
  z.strictObject({ kind: z.literal('signature-refused'), planId: Plan.shape.id, why: SignatureProblem }),
  z.strictObject({ kind: z.literal('host-not-asked'), host: HostName, why: NoAnswer }),
  z.strictObject({ kind: z.literal('host-busy'), host: HostName }),
  z.strictObject({ kind: z.literal('record-failed'), why: RecordDoubt }),
  /** Slack lets the bot post no files, so the record is had at a terminal. */
  z.strictObject({ kind: z.literal('record-at-terminal'), incidentId: IncidentId }),
  /** `failedBefore`: why an earlier try was given up. Null: there was none. */
  z.strictObject({
    kind: z.literal('record-waits'),
    incidentId: IncidentId,
    failedBefore: GiveUpReason.nullable(),
  }),
  z.strictObject({ kind: z.literal('record-posted'), incidentId: IncidentId }),
  z.strictObject({ kind: z.literal('not-in-channel') }),
  /** Said where the incident's own message is not in sight. */
  z.strictObject({ kind: z.literal('opened'), host: HostName, incidentId: IncidentId, channel: ChannelId }),
  /** In direct messages of one person or a group. */
  z.strictObject({ kind: z.literal('not-a-channel') }),
]);
export type PrivateAnswer = z.infer<typeof PrivateAnswer>;
