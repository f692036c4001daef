import { z } from 'zod';
import { Json } from '../json.ts';
import { Actor, ChainedActor } from './actor.ts';
import { ErasableField, Salt } from './erasable.ts';
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
  'plan-withdrawn',
  /** The approvers of a plan that waits were mentioned once more before it expires. */
  'approvers-reminded',
  /** A plan that waits was taken to the people behind the approvers. */
  'plan-escalated',
  'break-glass-refused',
  'execution-intended',
  /** The host had not started it, so it was sent once more. */
  'execution-sent-again',
  /** The execution ended with an unknown outcome, and its host is not asked about it any more. */
  'execution-unresolved',
  'execution-finished',
  'verified',
  /** A person says that they are on it. */
  'incident-acknowledged',
  'incident-resolved',
  /** The fault returned soon after the incident was resolved. */
  'incident-reopened',
  /** Monitoring or an alert noticed the fault, too, and the incident channel was told in which channel its incident is. */
  'fault-noticed',
  /** The registry is healthy and unhealthy by turns, of which nothing more is told. */
  'flapping-began',
  'flapping-ended',
  'incident-closed',
  /** The record was requested as a file for the thread. */
  'record-exported',
  /** The bot works by another config file from here on. `foundAt`: it was found at a start. Absent: a signal told the bot to read it. */
  'config-changed',
  /** What people typed, or their names, was erased because someone wanted it. */
  'erased',
  /** What is older than the config wants it kept was dropped. */
  'details-dropped',
  /** The record has no checkpoint as new as the last one outside of it: a backup was restored, or it is another one. */
  'older-copy-found',
  /** The collector that gets the entries never got some. `entries`: which, and why. */
  'entries-not-sent',
  /** A full diagnosis that ran on its own came to no verdict about a host. */
  'check-failed',
  /** A watched host can't be checked. */
  'monitoring-lost',
  'monitoring-restored',
  /** Nothing is told of a host. `until`: absent if that is not known. */
  'muted',
  'unmuted',
  /** A muted host was noticed as unhealthy, by monitoring or an alert. */
  'fault-muted',
  /** The registry of a muted host was healthy again. */
  'muted-fault-over',
]);
export type Act = z.infer<typeof Act>;

/**
 * One entry of the record. `previousHash` chains it to the entry before. `hash` covers every other field, but of a field in
 * `salts` only the digest of its value and its salt: the value can be erased, and the chain still holds.
 */
export const AuditEntry = z.strictObject({
  /** 1, 2, 3, … without gaps, over all incidents. */
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  /** Null: about the bot itself, not about an incident. */
  incidentId: IncidentId.nullable(),
  /** 1, 2, 3, … within its incident, so that one that was left out of an export is missed. Null: not about an incident. */
  incidentEntry: z.number().int().positive().nullable(),
  actor: Actor,
  act: Act,
  planId: PlanId.nullable(),
  planHash: Sha256.nullable(),
  /** The result of the action, as a word and short data: {"verdict":"faulty"}. */
  outcome: z.record(z.string(), Json),
  /** One for each field that can be erased, until it is. */
  salts: z.partialRecord(ErasableField, Salt),
  previousHash: Sha256,
  hash: Sha256,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** An entry as it is chained and hashed: where it can be erased, with a digest in place of the value. */
export const ChainedEntry = AuditEntry.omit({ salts: true }).extend({ actor: ChainedActor });
export type ChainedEntry = z.infer<typeof ChainedEntry>;

/** An entry about an incident. */
export type IncidentEntry = AuditEntry & { readonly incidentId: IncidentId };

type Chained = 'sequence' | 'incidentEntry' | 'salts' | 'previousHash' | 'hash';
/** The content of an entry about an incident. Its number and the hashes are added when it is chained. */
export type AuditDraft = Omit<IncidentEntry, Chained>;
/** The content of an entry about the bot itself. */
export type OwnDraft = Omit<AuditEntry, Chained | 'incidentId' | 'planId' | 'planHash'>;

/** The `previousHash` of entry 1. */
export const GENESIS_HASH = Sha256.parse(`sha256:${'0'.repeat(64)}`);
