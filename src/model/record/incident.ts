import { z } from 'zod';
import { Verdict } from '../diagnosis/diagnosis.ts';
import { Actor } from './actor.ts';
import { ChannelId, HostName, IncidentId, PlanId } from './ids.ts';

/** `open` until the registry is well again or nothing more is to be done; `diagnosing` and `executing` have work under way. */
export const IncidentState = z.enum(['diagnosing', 'open', 'executing', 'resolved', 'closed']);
export type IncidentState = z.infer<typeof IncidentState>;

/** One thread: from the first question about a host to its end. */
export const Incident = z.strictObject({
  id: IncidentId,
  host: HostName,
  channel: ChannelId,
  openedBy: Actor,
  openedAt: z.iso.datetime(),
  /** What makes a repeated request the same request (a Slack trigger id, a watch period). */
  requestKey: z.string(),
  state: IncidentState,
  verdict: Verdict.nullable(),
  /** The plan that can be, or was, decided on last. */
  currentPlan: PlanId.nullable(),
  closedAt: z.iso.datetime().nullable(),
});
export type Incident = z.infer<typeof Incident>;
