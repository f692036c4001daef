import { canonicalJson, textHash } from '../../hash/canonical-hash.ts';
import type { InclusionPath } from '../../hash/merkle-frontier.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { ExportedIncident, Proof, Uncovered } from '../../model/record/documents/exported-incident.ts';
import type { IncidentRecord } from '../../model/record/record.ts';
import type { KeptBody } from '../bodies.ts';
import { chainedForm, keptValues } from '../erasable.ts';
import { sealedForm } from '../plan-seal.ts';

/** One checkpoint, and the way to its root from each entry that it covers, by the entry's number. */
export type EntryProofs = {
  readonly checkpoint: string | null;
  readonly uncovered: Uncovered | null;
  readonly inclusions: ReadonlyMap<number, InclusionPath>;
};

/** Puts an incident and its proof together. `bodies`: its diagnoses and verifications as they are stored. */
export function exportIncident(
  record: IncidentRecord,
  bodies: readonly KeptBody[],
  { checkpoint, uncovered, inclusions }: EntryProofs,
  about: Pick<ExportedIncident, 'writtenBy' | 'language'>,
): ExportedIncident {
  const { incident, alerts, plans, entries } = record;
  const proven = entries.map((entry) => ({
    canonical: contentOf(entry),
    values: [...keptValues(entry)],
    inclusion: inclusions.get(entry.sequence)?.map((hash) => hash.toString('base64')) ?? null,
  }));
  return {
    version: 1,
    ...about,
    incident,
    alerts: [...alerts],
    plans: plans.map((one) => ({ ...one, decisions: [...one.decisions] })),
    messages: record.messages.map(({ body, delivery }) => ({ kind: body.kind, delivery })),
    proof: {
      checkpoint,
      uncovered: proven.some(({ inclusion }) => inclusion === null) ? uncovered : null,
      entries: proven,
      documents: documentsOf(record, bodies),
    },
  };
}

/** What the hash of an entry is over. */
function contentOf({ hash: _, ...content }: AuditEntry): string {
  return canonicalJson(chainedForm(content));
}

/** Everything that entries hold the digest of. */
function documentsOf({ plans }: IncidentRecord, bodies: readonly KeptBody[]): Proof['documents'] {
  const texts = [
    ...plans.map(({ plan: { hash: _, ...content } }) => canonicalJson(sealedForm(content))),
    ...plans.flatMap(({ decisions }) => decisions.flatMap(({ signature }) => signature ?? [])).map(canonicalJson),
    ...bodies.map(({ body }) => body),
  ];
  const byDigest = new Map(texts.map((canonical) => [textHash(canonical), canonical]));
  return [...byDigest].map(([digest, canonical]) => ({ digest, canonical }));
}
