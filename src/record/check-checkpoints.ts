import { type Checkpoint, parseCheckpoint, RecordTree } from '../hash/checkpoint.ts';
import { isSignedBy, type NoteKey } from '../hash/signed-note.ts';
import type { CheckpointSource, RecordProblem } from '../model/record/record.ts';
import type { Mark } from './witnesses.ts';

/** A signed note, and where it was kept. */
export type KeptCheckpoint = { readonly note: string; readonly source: CheckpointSource };

type Read = { readonly checkpoint: Checkpoint; readonly source: CheckpointSource };

/**
 * Compares a record with checkpoints of it. A checkpoint that someone else keeps shows also a record that was rewritten with all
 * its other witnesses, or one that was replaced by an older copy.
 *
 * @param keys one of which must have signed each checkpoint; none: signatures are not checked
 */
export function checkpointProblems(
  entries: readonly Mark[],
  kept: readonly KeptCheckpoint[],
  keys: readonly NoteKey[],
): readonly RecordProblem[] {
  const problems: RecordProblem[] = [];
  const read: Read[] = [];
  for (const { note, source } of kept) {
    const checkpoint = parseCheckpoint(note);
    if (checkpoint === null) problems.push({ kind: 'checkpoint-unreadable', source });
    else if (keys.length > 0 && !keys.some((key) => isBy(note, checkpoint, key))) {
      problems.push({ kind: 'checkpoint-not-signed', size: checkpoint.size, source });
    } else read.push({ checkpoint, source });
  }
  return [...problems, ...treeProblems(entries, read)];
}

function isBy(note: string, { origin }: Checkpoint, key: NoteKey): boolean {
  return origin === key.name && isSignedBy(note, key);
}

/** One pass over the entries, with a stop at the size of each checkpoint. */
function treeProblems(entries: readonly Mark[], read: readonly Read[]): readonly RecordProblem[] {
  const bySize = read.toSorted((a, b) => a.checkpoint.size - b.checkpoint.size);
  const tree = new RecordTree();
  let provenUpTo = 0;
  for (const { checkpoint, source } of bySize) {
    const { size, root } = checkpoint;
    const last = entries.length;
    if (size > last) {
      return [{ kind: 'tail-missing', last, writtenUpTo: size, witness: { kind: 'checkpoint', source } }];
    }
    for (const { hash } of entries.slice(tree.size, size)) tree.append(hash);
    // All that follow cover the same entry, so they could say nothing more.
    if (tree.root() !== root) return [{ kind: 'rewritten', after: provenUpTo, through: size, source }];
    provenUpTo = size;
  }
  return [];
}
