import { z } from 'zod';
import { Actor } from './actor.ts';
import { PlanId } from './ids.ts';

/** Who decided on a plan, how, when, and why where they said so. */
export const Decision = z.strictObject({
  planId: PlanId,
  verdict: z.enum(['approved', 'rejected']),
  by: Actor,
  reason: z.string().nullable(),
  at: z.iso.datetime(),
});
export type Decision = z.infer<typeof Decision>;
