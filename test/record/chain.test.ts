import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '../../src/hash/canonical-hash.ts';
import type { AuditEntry } from '../../src/model/record/audit.ts';
import { GENESIS_HASH } from '../../src/model/record/audit.ts';
import { IncidentId } from '../../src/model/record/ids.ts';
import type { RecordProblem } from '../../src/model/record/record.ts';
import { ChainWalk, chainEntry } from '../../src/record/chain.ts';
import { auditDraft } from '../store/samples.ts';

/** The first problem of entries in the order in which the database gives them. */
function verifyChain(entries: readonly AuditEntry[]): RecordProblem | null {
  const walk = new ChainWalk(entries.length);
  for (const { salts: _, actor, outcome, ...rest } of entries) {
    walk.add({ ...rest, actor: text(actor), outcome: text(outcome) });
  }
  return walk.problem;
}

/** As in its column. What is no JSON is put there as it is. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** Entries 1 to 6; each says in its outcome which one it is. */
function record(): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let n = 1; n <= 6; n += 1) {
    const draft = { ...auditDraft(IncidentId.parse(1)), outcome: { n } };
    entries.push(chainEntry(draft, entries.at(-1) ?? null, n - 1));
  }
  return entries;
}

/** The record after someone has altered it. */
function after(tamper: (entries: AuditEntry[]) => AuditEntry[]): AuditEntry[] {
  return tamper(record());
}

function replaced(entries: readonly AuditEntry[], sequence: number, change: object): AuditEntry[] {
  return entries.map((entry) => (entry.sequence === sequence ? { ...entry, ...change } : entry));
}

/** Entries from `sequence` on with the numbers that they have when another is put in before them, or taken out. */
function renumbered(entries: readonly AuditEntry[], from: number, by: number): AuditEntry[] {
  return entries.map((entry) => (entry.sequence >= from ? { ...entry, sequence: entry.sequence + by } : entry));
}

const at = (entries: readonly AuditEntry[], sequence: number): AuditEntry => {
  const entry = entries[sequence - 1];
  if (entry === undefined) throw new RangeError(`no entry ${sequence}`);
  return entry;
};

test('audit verify accepts a chain that starts at the genesis hash', () => {
  assert.equal(record()[0]?.previousHash, GENESIS_HASH);
  assert.equal(verifyChain(record()), null);
  assert.equal(verifyChain([]), null);
});

test('audit verify accepts a chain whose entries were written to JSON and read again', () => {
  assert.equal(verifyChain(JSON.parse(JSON.stringify(record()))), null);
});

const CHANGES: Record<string, object> = {
  at: { at: '2026-11-23T14:02:06.000Z' },
  incidentId: { incidentId: 2 },
  incidentEntry: { incidentEntry: 9 },
  actor: { actor: { kind: 'bot', part: 'watch' } },
  act: { act: 'verified' },
  planId: { planId: '1-1' },
  planHash: { planHash: GENESIS_HASH },
  outcome: { outcome: { n: 33 } },
  previousHash: { previousHash: GENESIS_HASH },
  hash: { hash: GENESIS_HASH },
};

for (const [field, change] of Object.entries(CHANGES)) {
  test(`audit verify names an entry whose ${field} was changed`, () => {
    assert.deepEqual(verifyChain(after((entries) => replaced(entries, 3, change))), { kind: 'changed', sequence: 3 });
  });
}

const forged = (entries: readonly AuditEntry[], sequence: number): AuditEntry =>
  chainEntry(
    { ...auditDraft(IncidentId.parse(1)), outcome: { n: 'forged' } },
    entries[sequence - 2] ?? null,
    sequence - 1,
  );

const TAMPERINGS: readonly {
  what: string;
  entries: (entries: AuditEntry[]) => AuditEntry[];
  expected: ReturnType<typeof verifyChain>;
}[] = [
  {
    what: 'an entry taken out of the middle',
    entries: (entries) => entries.filter(({ sequence }) => sequence !== 4),
    expected: { kind: 'missing', sequence: 4, through: 4 },
  },
  {
    what: 'several deleted entries',
    entries: (entries) => entries.filter(({ sequence }) => sequence < 2 || sequence > 4),
    expected: { kind: 'missing', sequence: 2, through: 4 },
  },
  {
    what: 'a deleted first entry',
    entries: (entries) => entries.slice(1),
    expected: { kind: 'missing', sequence: 1, through: 1 },
  },
  {
    what: 'a deleted entry, with the rest renumbered',
    entries: (entries) => renumbered(entries.toSpliced(3, 1), 5, -1),
    expected: { kind: 'reordered', sequence: 4, writtenAs: 5 },
  },
  {
    what: 'two entries whose numbers were swapped',
    entries: (entries) =>
      entries.toSpliced(2, 2, { ...at(entries, 4), sequence: 3 }, { ...at(entries, 3), sequence: 4 }),
    expected: { kind: 'reordered', sequence: 3, writtenAs: 4 },
  },
  {
    what: 'a duplicated entry',
    entries: (entries) => entries.toSpliced(3, 0, at(entries, 3)),
    expected: { kind: 'reordered', sequence: 4, writtenAs: 3 },
  },
  {
    what: 'an inserted forged entry, with the rest renumbered',
    entries: (entries) => renumbered(entries, 3, 1).toSpliced(2, 0, forged(entries, 3)),
    expected: { kind: 'reordered', sequence: 4, writtenAs: 3 },
  },
  {
    what: 'an entry replaced by a forged one with a correct hash',
    entries: (entries) => entries.toSpliced(2, 1, forged(entries, 3)),
    expected: { kind: 'chain-broken', sequence: 4 },
  },
  {
    what: 'an entry with a surplus field',
    entries: (entries) => replaced(entries, 5, { note: 'x' }),
    expected: { kind: 'unreadable', table: 'audit_entries', key: '5', why: { code: 'other-form', field: 'note' } },
  },
  {
    what: 'an entry whose outcome is not JSON',
    entries: (entries) => replaced(entries, 2, { outcome: '{"n":' }),
    expected: {
      kind: 'unreadable',
      table: 'audit_entries',
      key: '2',
      why: { code: 'other-form', field: 'outcome' },
    },
  },
];

for (const { what, entries, expected } of TAMPERINGS) {
  test(`audit verify names ${what}`, () => assert.deepEqual(verifyChain(after(entries)), expected));
}

test('audit verify names the first of several altered entries', () => {
  const twice = after((entries) => replaced(entries, 2, { outcome: {} }).toSpliced(4, 1));
  assert.deepEqual(verifyChain(twice), { kind: 'changed', sequence: 2 });
});
