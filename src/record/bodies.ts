import { z } from 'zod';
import { canonicalHash } from '../hash/canonical-hash.ts';
import type { Act, AuditEntry } from '../model/record/audit.ts';
import { IncidentId, PlanId } from '../model/record/ids.ts';
import type { RecordProblem } from '../model/record/record.ts';

/**
 * The row of a diagnosis or a verification. They are too large for an audit entry, so the entry holds the digest of the
 * row, and the chain covers the row, too.
 */
export const KeptBody = z.strictObject({
  /** The number of the audit entry that recorded it. */
  sequence: z.number().int().positive(),
  incidentId: IncidentId,
  planId: PlanId.nullable(),
  /** Not parsed further, since the digest is over exactly what is stored. */
  body: z.json(),
});
export type KeptBody = z.infer<typeof KeptBody>;

/** What the audit entry holds about the body in its row. */
export function digestOf(body: unknown): { readonly digest: string } {
  return { digest: canonicalHash(body) };
}

const ACT_OF = { diagnosis: 'diagnosed', verification: 'verified' } as const satisfies Record<string, Act>;
type About = keyof typeof ACT_OF;

/** Finds entries whose body is missing or different, and bodies without an entry. */
export function bodyProblems(
  about: About,
  rows: readonly KeptBody[],
  entries: readonly AuditEntry[],
): readonly RecordProblem[] {
  const bySequence = new Map(rows.map((row) => [row.sequence, row]));
  const promised = entries.filter(({ act, outcome }) => act === ACT_OF[about] && outcome['digest'] !== undefined);
  const unkept = promised.filter((entry) => !isBodyOf(entry, bySequence.get(entry.sequence)));
  const known = new Set(promised.map(({ sequence }) => sequence));
  const unknown = rows.filter(({ sequence }) => !known.has(sequence));
  return [...unkept, ...unknown].map(({ sequence }) => ({ kind: 'body-disagrees', about, sequence }));
}

function isBodyOf(entry: AuditEntry, row: KeptBody | undefined): boolean {
  return (
    row !== undefined &&
    row.incidentId === entry.incidentId &&
    row.planId === entry.planId &&
    canonicalHash(row.body) === entry.outcome['digest']
  );
}
