import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import { checkpointKey, checkpointText, RecordTree } from '../../../src/hash/checkpoint.ts';
import { type NoteKey, signedNote } from '../../../src/hash/signed-note.ts';
import type { CheckpointSource, RecordProblem } from '../../../src/model/record/record.ts';
import { CheckpointWalk } from '../../../src/record/check/check-checkpoints.ts';

const sha256 = (digit: string) => `sha256:${digit.repeat(64)}`;
const ENTRIES = ['a', 'b', 'c', 'd', 'e'].map((digit, index) => ({ sequence: index + 1, hash: sha256(digit) }));
const FILE: CheckpointSource = { kind: 'file', file: '/mnt/audit/checkpoints' };
const OURS = generateKeyPairSync('ed25519');
const THEIRS = generateKeyPairSync('ed25519');
const KEY = checkpointKey(rawKey(OURS.publicKey));

function rawKey(key: KeyObject): Buffer {
  return Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');
}

/** A checkpoint over the first entries, as the key's owner signs it. */
function noteOver(size: number, { publicKey, privateKey } = OURS, entries = ENTRIES): string {
  const tree = new RecordTree();
  for (const { hash } of entries.slice(0, size)) tree.append(hash);
  const key = checkpointKey(rawKey(publicKey));
  const text = checkpointText({ origin: key.name, size, root: tree.root() });
  return signedNote(text, key, sign(null, Buffer.from(text), privateKey));
}

const changedAt = (sequence: number) =>
  ENTRIES.map((entry) => (entry.sequence === sequence ? { ...entry, hash: sha256('0') } : entry));

const CASES: readonly {
  title: string;
  entries?: typeof ENTRIES;
  notes: readonly string[];
  keys?: readonly NoteKey[];
  problems: readonly RecordProblem[];
}[] = [
  { title: 'a record agrees with all its checkpoints', notes: [noteOver(5), noteOver(2), noteOver(3)], problems: [] },
  {
    title: 'entries after the newest checkpoint are not judged',
    entries: changedAt(5),
    notes: [noteOver(4)],
    problems: [],
  },
  {
    title: 'a rewritten entry lies after the last checkpoint that holds, and not after the first that does not',
    entries: changedAt(4),
    notes: [noteOver(2), noteOver(4), noteOver(5)],
    problems: [{ kind: 'rewritten', after: 2, through: 4, source: FILE }],
  },
  {
    title: 'a checkpoint that the record contradicts names its entries also if another one over as many agrees',
    notes: [noteOver(2), noteOver(4), noteOver(4, OURS, changedAt(3))],
    problems: [{ kind: 'rewritten', after: 2, through: 4, source: FILE }],
  },
  {
    title: 'a checkpoint over more entries than there are shows that the end is missing',
    entries: ENTRIES.slice(0, 3),
    notes: [noteOver(3), noteOver(5)],
    problems: [{ kind: 'tail-missing', last: 3, writtenUpTo: 5, witness: { kind: 'checkpoint', source: FILE } }],
  },
  {
    title: 'a checkpoint that another key signed does not count',
    notes: [noteOver(3, THEIRS)],
    problems: [{ kind: 'checkpoint-not-signed', size: 3, source: FILE }],
  },
  {
    title: 'a checkpoint with the signature of another does not count',
    notes: [noteOver(3).replace(/\u2014.*\n$/u, /\u2014.*\n$/u.exec(noteOver(4))?.[0] ?? '')],
    problems: [{ kind: 'checkpoint-not-signed', size: 3, source: FILE }],
  },
  {
    title: 'a checkpoint that a former key signed counts if that key is named',
    notes: [noteOver(3, THEIRS), noteOver(5)],
    keys: [KEY, checkpointKey(rawKey(THEIRS.publicKey))],
    problems: [],
  },
  {
    title: 'without the key no signature is checked, but the root is',
    entries: changedAt(1),
    notes: [noteOver(3, THEIRS)],
    keys: [],
    problems: [{ kind: 'rewritten', after: 0, through: 3, source: FILE }],
  },
  {
    title: 'what is no checkpoint is named',
    notes: ['not a note'],
    problems: [{ kind: 'checkpoint-unreadable', size: null, source: FILE }],
  },
];

for (const { title, entries = ENTRIES, notes, keys = [KEY], problems } of CASES) {
  test(`audit verify with checkpoints: ${title}`, () => {
    const walk = new CheckpointWalk(
      notes.map((note) => ({ note, source: FILE })),
      keys,
    );
    for (const entry of entries) walk.add(entry);
    assert.deepEqual(walk.problems(), problems);
  });
}
