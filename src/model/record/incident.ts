import { z } from 'zod';
import { Verdict } from '../diagnosis/diagnosis.ts';
import { Actor } from './actor.ts';
import { ChannelId, HostName, IncidentId, PlanId } from './ids.ts';

/**
 * `open` until the registry is healthy again or nothing more can be done. `diagnosing` and `executing` have work in
 * progress. `unmonitored` until the host can be checked again: of the registry nothing is known meanwhile.
 */
export const IncidentState = z.enum([
  'diagnosing',
  'open',
  'executing',
  'resolved',
  'closed',
  'unmonitored',
  'monitored-again',
]);
export type IncidentState = z.infer<typeof IncidentState>;

/** One thread: from the first request about a host to its end. */
export const Incident = z.strictObject({
  id: IncidentId,
  host: HostName,
  channel: ChannelId,
  openedBy: Actor,
  openedAt: z.iso.datetime(),
  /** What identifies a repeated request (a Slack trigger id, a monitoring period). */
  requestKey: z.string(),
  state: IncidentState,
  verdict: Verdict.nullable(),
  /** The plan that can be, or was, decided on last. */
  currentPlan: PlanId.nullable(),
  closedAt: z.iso.datetime().nullable(),
});
export type Incident = z.infer<typeof Incident>;
