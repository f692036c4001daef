import { z } from 'zod';
import { Diagnosis } from '../../diagnosis/diagnosis.ts';
import { RecoveryDoubt } from '../../plan/outcome-reason.ts';
import { Plan, PlanState } from '../../plan/plan.ts';
import { Actor } from '../actor.ts';
import { ToldAlert } from '../alert.ts';
import { ClosingNumbers } from '../closing-numbers.ts';
import { HostName, IncidentId } from '../ids.ts';
import { Approvers, OnCall } from './people.ts';

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
