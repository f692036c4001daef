import { z } from 'zod';
import type { LookWay } from '../connection/look-way.ts';
import { Verdict } from '../diagnosis/diagnosis.ts';
import { Plan, PlanState, Risk } from '../plan/plan.ts';
import { Mute } from '../quiet/mute.ts';
import { HostName, IncidentId } from '../record/ids.ts';
import { IncidentState } from '../record/incident.ts';

/** What people are told about hosts when they ask: of what is on record, and of what monitoring sees. */

const WAYS = ['from-bot', 'from-host', 'guard'] as const satisfies readonly LookWay[];

/** What monitoring knows of a host. */
export const WatchSeen = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('not-watched') }),
  /** Not since the bot's start. */
  z.strictObject({ kind: z.literal('not-checked') }),
  z.strictObject({ kind: z.enum(['healthy', 'unhealthy']), way: z.enum(WAYS), at: z.iso.datetime() }),
  /** The host gives no answer, or its registry can't be asked. */
  z.strictObject({ kind: z.literal('blind'), since: z.iso.datetime() }),
]);
export type WatchSeen = z.infer<typeof WatchSeen>;

/** The states of an incident that has not ended. */
export const OPEN_STATES = [
  'diagnosing',
  'open',
  'executing',
  'unmonitored',
] as const satisfies readonly IncidentState[];

/** Where Slack shows the message. Null: not yet, or the workspace is not known. */
const url = z.url({ protocol: /^https$/ }).nullable();

export const OpenIncident = z.strictObject({
  id: IncidentId,
  host: HostName,
  state: z.enum(OPEN_STATES),
  verdict: Verdict.nullable(),
  openedAt: z.iso.datetime(),
  url,
});
export type OpenIncident = z.infer<typeof OpenIncident>;

/** A plan that waits for a decision. */
export const WaitingPlan = z.strictObject({
  id: Plan.shape.id,
  host: HostName,
  risk: Risk,
  expiresAt: z.iso.datetime(),
  url,
});
export type WaitingPlan = z.infer<typeof WaitingPlan>;

/** An incident, open or over. */
export const PastIncident = z.strictObject({
  id: IncidentId,
  host: HostName,
  state: IncidentState,
  verdict: Verdict.nullable(),
  openedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  /** The newest one. Null: there was none. */
  plan: z.strictObject({ id: Plan.shape.id, state: PlanState }).nullable(),
  url,
});
export type PastIncident = z.infer<typeof PastIncident>;

/** One host as it is now. */
export const HostStatus = z.strictObject({
  host: HostName,
  watch: WatchSeen,
  /** Why nothing is posted of it on its own. */
  mutes: z.array(Mute.pick({ source: true, until: true })),
  incidents: z.array(OpenIncident),
  plans: z.array(WaitingPlan),
});
export type HostStatus = z.infer<typeof HostStatus>;

/** The answer to a question about hosts. Only hosts that the person can see are in it. */
export const FleetAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hosts'), hosts: z.array(HostStatus.pick({ host: true, watch: true })) }),
  z.strictObject({ kind: z.literal('status'), hosts: z.array(HostStatus) }),
  z.strictObject({ kind: z.literal('incidents'), incidents: z.array(OpenIncident) }),
  /** Newest first. `host` is null for those of all hosts. */
  z.strictObject({ kind: z.literal('history'), host: HostName.nullable(), incidents: z.array(PastIncident) }),
]);
export type FleetAnswer = z.infer<typeof FleetAnswer>;

/** The bot's home tab, for one person. */
export const HomePage = z.strictObject({
  hosts: z.array(HostStatus.pick({ host: true, watch: true, mutes: true })),
  incidents: z.array(OpenIncident),
  /** Those that this person can approve and has not approved yet. */
  plans: z.array(WaitingPlan),
});
export type HomePage = z.infer<typeof HomePage>;
