import { z } from 'zod';
import { Actor } from './actor.ts';
import { IncidentId, PlanId, Sha256 } from './ids.ts';

/** The actions on the record. */
export const Act = z.enum([
  'incident-opened',
  'diagnosis-requested',
  'diagnosed',
  'plan-proposed',
  'plan-superseded',
  'plan-expired',
  /** An approval of a plan that needs more. */
  'plan-endorsed',
  /** The last approval that a plan needs. */
  'plan-approved',
  'plan-rejected',
  'break-glass-refused',
  'execution-intended',
  /** The host had not started it, so it was sent once more. */
  'execution-sent-again',
  /** Its host is not asked how it ended. */
  'execution-unresolved',
  'execution-finished',
  'verified',
  'incident-resolved',
  'incident-closed',
  /** A watched host can't be checked. */
  'monitoring-lost',
  'monitoring-restored',
]);
export type Act = z.infer<typeof Act>;

/** One entry of the record. `hash` covers every other field; `previousHash` chains it to the entry before. */
export const AuditEntry = z.strictObject({
  /** 1, 2, 3, … without gaps, over all incidents. */
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  incidentId: IncidentId,
  actor: Actor,
  act: Act,
  planId: PlanId.nullable(),
  planHash: Sha256.nullable(),
  /** Its result, as a word and short data for this action: {"verdict":"faulty"}. */
  outcome: z.record(z.string(), z.json()),
  previousHash: Sha256,
  hash: Sha256,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** The content of an entry. Its number and the hashes are added when it is chained. */
export type AuditDraft = Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>;

/** The `previousHash` of entry 1. */
export const GENESIS_HASH = Sha256.parse(`sha256:${'0'.repeat(64)}`);
