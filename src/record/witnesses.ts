import type { RecordProblem } from '../model/record/record.ts';

/** The number and the hash of an audit entry. Compared, never trusted. */
export type Mark = { readonly sequence: number; readonly hash: string };

/** The number and the hash of an audit entry as a Slack message shows them. */
export type ShownMark = Mark & { readonly key: string };

/** How the last entry differs from the one that the head row holds. Null if it does not. */
export function endProblem(end: Mark | null, head: Mark | null): RecordProblem | null {
  const last = end?.sequence ?? 0;
  const written = head?.sequence ?? 0;
  const witness = { kind: 'head' } as const;
  if (last < written) return { kind: 'tail-missing', last, writtenUpTo: written, witness };
  if (last > written) return { kind: 'not-by-us', sequence: written + 1, through: last };
  if (end?.hash !== head?.hash) return { kind: 'contradicted', sequence: last, witness };
  return null;
}

/**
 * Finds what Slack messages show and the record does not have: a later entry than the last one, and the first entry
 * with another hash than the message shows. From that entry on, the chain was rewritten.
 */
export function messageProblems(
  entries: readonly Mark[],
  head: Mark | null,
  told: readonly ShownMark[],
): readonly RecordProblem[] {
  const last = entries.at(-1)?.sequence ?? 0;
  const known = Math.max(last, head?.sequence ?? 0);
  const byAge = told.toSorted((a, b) => a.sequence - b.sequence);
  const newest = byAge.at(-1);
  const hashes = new Map(entries.map(({ sequence, hash }) => [sequence, hash]));
  const other = byAge.find(({ sequence, hash }) => hashes.has(sequence) && hashes.get(sequence) !== hash);
  const problems: RecordProblem[] = [];
  if (newest !== undefined && newest.sequence > known) {
    const witness = { kind: 'message', key: newest.key } as const;
    problems.push({ kind: 'tail-missing', last, writtenUpTo: newest.sequence, witness });
  }
  if (other !== undefined) {
    problems.push({
      kind: 'contradicted',
      sequence: other.sequence,
      witness: { kind: 'message', key: other.key },
    });
  }
  return problems;
}
