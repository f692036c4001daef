import { z } from 'zod';
import { Decision } from '../../plan/decision.ts';
import { Execution } from '../../plan/execution.ts';
import { Plan, PlanState } from '../../plan/plan.ts';
import { LOCALES } from '../../settings/locale.ts';
import { ReceivedAlert } from '../alert.ts';
import type { AuditEntry } from '../audit.ts';
import { ErasableField, Salt } from '../erasable.ts';
import { Sha256 } from '../ids.ts';
import { Incident } from '../incident.ts';
import { type IncidentRecord, MessageDelivery } from '../record.ts';

/** Why entries are not covered by the checkpoint of their proof. */
export const Uncovered = z.enum([
  /** No newer checkpoint is stored, and there is no key to sign one with. */
  'no-key',
  /** The key could not sign. */
  'not-signed',
  /** The record is not the one that its newest checkpoint was signed over. */
  'contradicted',
]);
export type Uncovered = z.infer<typeof Uncovered>;

const Hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);

/** An entry, and the way from it to the root of the checkpoint. */
export const ProvenEntry = z.strictObject({
  /** The entry without its hash as canonical JSON (RFC 8785): the SHA-256 of this text is the hash. */
  canonical: z.string(),
  /** What it has only digests of, unless it was erased: `digest` is the SHA-256 of the salt and this value, one after the other. */
  values: z.array(z.strictObject({ field: ErasableField, salt: Salt, value: z.string() })),
  /** The sibling hashes up to the root, the lowest first (RFC 9162, section 2.1.3), base64. Null: the checkpoint does not cover it. */
  inclusion: z.array(Hash).max(64).nullable(),
});
export type ProvenEntry = z.infer<typeof ProvenEntry>;

/** What proves an incident to someone who has the public key alone. */
export const Proof = z.strictObject({
  /** A signed note (https://c2sp.org/tlog-checkpoint). Null: nothing here is covered. */
  checkpoint: z.string().max(10_000).nullable(),
  /** Null: the checkpoint covers every entry. */
  uncovered: Uncovered.nullable(),
  entries: z.array(ProvenEntry),
  /** What entries hold the digest of, as canonical JSON: plans, diagnoses, verifications, signatures. `digest`: SHA-256 of the text. */
  documents: z.array(z.strictObject({ digest: Sha256, canonical: z.string() })),
});
export type Proof = z.infer<typeof Proof>;

/** An incident as it leaves the record: all from which its document is written, so that the document can be written again and compared. */
export const ExportedIncident = z.object({
  version: z.literal(1),
  /** The version of Registry Doctor that wrote the document. Another one might word it differently. */
  writtenBy: z.string().max(100),
  language: z.enum(LOCALES),
  incident: Incident,
  alerts: z.array(ReceivedAlert),
  plans: z.array(
    z.strictObject({
      plan: Plan,
      state: PlanState,
      decisions: z.array(Decision),
      execution: Execution.nullable(),
    }),
  ),
  messages: z.array(z.strictObject({ kind: z.string(), delivery: MessageDelivery })),
  proof: Proof,
});
export type ExportedIncident = z.infer<typeof ExportedIncident>;

/** An exported incident with what is read from its proof. */
export type ToldIncident = Pick<
  IncidentRecord,
  'incident' | 'alerts' | 'plans' | 'diagnoses' | 'verifications' | 'entries'
> &
  Pick<ExportedIncident, 'messages'> & { readonly exported: ExportedIncident };

/** Whether a diagnosis was put on record under the entry. It might have been erased since. */
export function hasDiagnosis({ act, outcome }: Pick<AuditEntry, 'act' | 'outcome'>): boolean {
  return act === 'diagnosed' && outcome['digest'] !== undefined;
}
