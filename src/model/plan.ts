import { z } from 'zod';
import { PermissionClass } from './access.ts';
import { Actor } from './actor.ts';
import { Identity, Mode } from './facts.ts';
import { HostPath } from './host-path.ts';
import { HostName, IncidentId, PlanId, Sha256 } from './ids.ts';

/** The inode that a step was made for; the host compares every field before anything is changed. */
export const Precondition = z.strictObject({
  device: z.string().regex(/^\d+$/),
  inode: z.string().regex(/^\d+$/),
  mode: Mode,
  uid: z.number().int(),
  gid: z.number().int(),
});
export type Precondition = z.infer<typeof Precondition>;

/** Sets the mode of one directory. `path` is physical: no symlink is left in it. */
export const ChmodStep = z.strictObject({
  action: z.literal('chmod'),
  path: HostPath,
  from: Mode,
  to: Mode,
  /** Whose bits gain; from it follows who gains access. */
  gains: PermissionClass,
  gainingPrincipal: z.string(),
  precondition: Precondition,
});

/** `uid:gid` in `from` and `to`, decimal. */
export const ChownStep = z.strictObject({
  action: z.literal('chown'),
  path: HostPath,
  from: z.string().regex(/^\d+:\d+$/),
  to: z.string().regex(/^\d+:\d+$/),
  gainingPrincipal: z.string(),
  precondition: Precondition,
});

export const PlanStep = z.discriminatedUnion('action', [ChmodStep, ChownStep]);
export type PlanStep = z.infer<typeof PlanStep>;

export const Risk = z.enum(['low', 'high']);
export type Risk = z.infer<typeof Risk>;

/** What the pure planner makes: the smallest change that clears every blocker. */
export const PlanDraft = z.strictObject({
  host: HostName,
  /** A plan is for this boot of the host; null where the host did not say. */
  bootId: z.string().nullable(),
  risk: Risk,
  /** Tried as this identity after the change. */
  identity: Identity,
  storageRoot: HostPath,
  steps: z.array(PlanStep).min(1).max(64),
  /** True when, with these steps done, the evaluator finds nothing else that blocks the service. */
  clearsEveryBlocker: z.boolean(),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

/** A draft with its number, its life span and the hash over all of it. Only a sealed plan can be approved. */
export const Plan = PlanDraft.extend({
  id: PlanId,
  incidentId: IncidentId,
  /** Who asked for the diagnosis that it came from; they may not approve it, unless the policy allows that. */
  requestedBy: Actor,
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  hash: Sha256,
});
export type Plan = z.infer<typeof Plan>;

/**
 * `proposed` waits for a decision; `approved` has its intent on record; `executing` may have touched the host.
 * All others are final.
 */
export const PlanState = z.enum([
  'proposed',
  'approved',
  'executing',
  'applied',
  'undone',
  'failed',
  'stale',
  'rejected',
  'expired',
  'superseded',
]);
export type PlanState = z.infer<typeof PlanState>;
