import { z } from 'zod';
import { Actor } from '../record/actor.ts';
import { PlanId, Sha256 } from '../record/ids.ts';

/** A person's decision on a plan: who decided what, how and when, on which content, and why if they said so. */
export const Decision = z.strictObject({
  planId: PlanId,
  planHash: Sha256,
  verdict: z.enum(['approved', 'rejected']),
  by: Actor,
  reason: z.string().nullable(),
  /** The person's own SSH signature over the plan document, armored. Absent: the host does not require one. */
  signature: z.string().max(16_384).optional(),
  at: z.iso.datetime(),
});
export type Decision = z.infer<typeof Decision>;

/** How many approvals a plan has and needs. */
export const Review = z.strictObject({
  /** How many different people have to approve it. */
  needed: z.number().int().min(1),
  /** The approvals, in the order in which they were given. */
  approvals: z.array(z.strictObject({ by: Actor, at: z.iso.datetime() })),
});
export type Review = z.infer<typeof Review>;
