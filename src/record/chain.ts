import { canonicalHash } from '../hash/canonical-hash.ts';
import { AuditEntry, GENESIS_HASH } from '../model/record/audit.ts';
import type { RecordProblem } from '../model/record/record.ts';
import type { EntryMark } from '../model/record/thread-message.ts';
import { whyUnreadable } from './unreadable.ts';

/** An entry before it has its numbers and the hashes. */
export type EntryContent = Omit<AuditEntry, 'sequence' | 'incidentEntry' | 'previousHash' | 'hash'>;

/**
 * Makes the entry that follows `last` (null for the first): its numbers, the link to `last`, and the hash over all of
 * it. `inIncident`: how many entries its incident has.
 */
export function chainEntry(draft: EntryContent, last: EntryMark | null, inIncident: number): AuditEntry {
  const numbers = {
    sequence: (last?.sequence ?? 0) + 1,
    incidentEntry: draft.incidentId === null ? null : inIncident + 1,
  };
  const content = { ...draft, ...numbers, previousHash: last?.hash ?? GENESIS_HASH };
  return AuditEntry.parse({ ...content, hash: canonicalHash(content) });
}

/**
 * Names the first entry that is not as it was written, or null when the chain holds from entry 1 to the last.
 *
 * `entries` is the whole record in order, each as plain JSON (unparsed, because it might have been tampered with).
 * A chain on its own cannot detect that its end was cut off, or that it was rewritten from some entry on. That takes a
 * witness.
 */
export function verifyChain(entries: readonly unknown[]): RecordProblem | null {
  let last: EntryMark | null = null;
  for (const [index, candidate] of entries.entries()) {
    const parsed = AuditEntry.safeParse(candidate);
    if (!parsed.success) {
      const key = String(sequenceOf(candidate) ?? index + 1);
      return { kind: 'unreadable', table: 'audit_entries', key, why: whyUnreadable(parsed.error) };
    }
    const problem = problemAfter(last, parsed.data, entries);
    if (problem) return problem;
    last = parsed.data;
  }
  return null;
}

function problemAfter(last: EntryMark | null, entry: AuditEntry, all: readonly unknown[]): RecordProblem | null {
  const expected = (last?.sequence ?? 0) + 1;
  if (hashOf(entry) !== entry.hash) return changedOrMoved(entry, all.length);
  if (entry.sequence !== expected) {
    const isElsewhere = entry.sequence < expected || all.some((other) => sequenceOf(other) === expected);
    return isElsewhere
      ? { kind: 'reordered', sequence: expected, writtenAs: entry.sequence }
      : { kind: 'missing', sequence: expected, through: entry.sequence - 1 };
  }
  if (entry.previousHash !== (last?.hash ?? GENESIS_HASH)) return { kind: 'chain-broken', sequence: entry.sequence };
  return null;
}

/** Tells a moved entry from a changed one: the hash of a moved entry is correct for another number. */
function changedOrMoved(entry: AuditEntry, entries: number): RecordProblem {
  for (let writtenAs = 1; writtenAs <= entries + 1; writtenAs += 1) {
    if (hashOf({ ...entry, sequence: writtenAs }) === entry.hash) {
      return { kind: 'reordered', sequence: entry.sequence, writtenAs };
    }
  }
  return { kind: 'changed', sequence: entry.sequence };
}

function hashOf(entry: AuditEntry): string {
  const { hash: _, ...content } = entry;
  return canonicalHash(content);
}

function sequenceOf(candidate: unknown): number | null {
  const parsed = AuditEntry.pick({ sequence: true }).strip().safeParse(candidate);
  return parsed.success ? parsed.data.sequence : null;
}
