import type { RecordProblem } from '../../model/record/record.ts';

/** The number and the hash of an audit entry. Compared, never trusted. */
export type Mark = { readonly sequence: number; readonly hash: string };

/** The number and the hash of an audit entry as a Slack message shows them. */
export type ShownMark = Mark & { readonly key: string };

/** How the last entry differs from the one that the head row holds. Null if it does not. */
export function endProblem(end: Mark | null, head: Mark | null): RecordProblem | null {
  const last = end?.sequence ?? 0;
  if (head === null) return end && { kind: 'head-missing', last };
  const written = head.sequence;
  if (!Number.isInteger(written)) return UNREADABLE_HEAD;
  const witness = { kind: 'head' } as const;
  if (last < written) return { kind: 'tail-missing', last, writtenUpTo: written, witness };
  if (last > written) return { kind: 'not-by-us', sequence: written + 1, through: last };
  if (end?.hash !== head.hash) return { kind: 'contradicted', sequence: last, witness };
  return null;
}

const UNREADABLE_HEAD: RecordProblem = {
  ...{ kind: 'unreadable', table: 'audit_head', key: '1' },
  why: { code: 'other-form', field: 'sequence' },
};

/** A message that shows a later entry than the last one. `newest`: of all that show one. Null: none is. */
export function laterMessageProblem(
  end: Mark | null,
  head: Mark | null,
  newest: ShownMark | null,
): RecordProblem | null {
  const last = end?.sequence ?? 0;
  // One that can't be read is named as such.
  const written = Number.isInteger(head?.sequence) ? (head?.sequence ?? 0) : 0;
  if (newest === null || newest.sequence <= Math.max(last, written)) return null;
  return { kind: 'tail-missing', last, writtenUpTo: newest.sequence, witness: { kind: 'message', key: newest.key } };
}

/** The first entry with another hash than a message shows. From that entry on, the chain was rewritten. */
export function contradictingMessage(entries: readonly Mark[], told: readonly ShownMark[]): RecordProblem | null {
  if (told.length === 0) return null;
  const hashes = new Map(entries.map(({ sequence, hash }) => [sequence, hash]));
  const other = told
    .filter(({ sequence, hash }) => hashes.has(sequence) && hashes.get(sequence) !== hash)
    .reduce<ShownMark | null>((first, one) => (first === null || one.sequence < first.sequence ? one : first), null);
  if (other === null) return null;
  return { kind: 'contradicted', sequence: other.sequence, witness: { kind: 'message', key: other.key } };
}
