import { type Checkpoint, parseCheckpoint, RecordTree } from '../../hash/checkpoint.ts';
import { isSignedBy, type NoteKey } from '../../hash/signed-note.ts';
import type { CheckpointSource, RecordProblem } from '../../model/record/record.ts';
import type { Mark } from './witnesses.ts';

/** A signed note, and where it was kept. `size`: over how many entries it is by its row in the record. Absent: it has no row. */
export type KeptCheckpoint = { readonly note: string; readonly source: CheckpointSource; readonly size?: number };

type Read = { readonly checkpoint: Checkpoint; readonly source: CheckpointSource };

/**
 * Compares a record with checkpoints of it, entry by entry. A checkpoint that someone else keeps shows also a record that was
 * rewritten with all its other witnesses, or one that was replaced by an older copy.
 */
export class CheckpointWalk {
  readonly #problems: RecordProblem[] = [];
  /** The smallest first. */
  readonly #read: readonly Read[];
  readonly #tree = new RecordTree();
  #next = 0;
  #isRewritten = false;

  /** @param keys one of which must have signed each checkpoint; none: signatures are not checked */
  constructor(kept: readonly KeptCheckpoint[], keys: readonly NoteKey[]) {
    const read: Read[] = [];
    for (const { note, source, size } of kept) {
      const checkpoint = parseCheckpoint(note);
      if (checkpoint === null) {
        this.#problems.push({ kind: 'checkpoint-unreadable', size: size ?? null, source });
        continue;
      }
      if (size !== undefined && size !== checkpoint.size) {
        this.#problems.push({ kind: 'checkpoint-size-differs', size, noted: checkpoint.size });
      }
      if (keys.length > 0 && !keys.some((key) => isBy(note, checkpoint, key))) {
        this.#problems.push({ kind: 'checkpoint-not-signed', size: checkpoint.size, source });
      } else read.push({ checkpoint, source });
    }
    this.#read = read.toSorted((a, b) => a.checkpoint.size - b.checkpoint.size);
    this.#compare();
  }

  /** Further entries say nothing more: all checkpoints were compared, or all that follow cover an entry that was rewritten. */
  get isDone(): boolean {
    return this.#isRewritten || this.#next === this.#read.length;
  }

  add({ hash }: Pick<Mark, 'hash'>): void {
    if (this.isDone) return;
    this.#tree.append(hash);
    this.#compare();
  }

  /** After the last entry. */
  problems(): readonly RecordProblem[] {
    const beyond = this.#isRewritten ? undefined : this.#read[this.#next];
    if (beyond === undefined) return this.#problems;
    const { checkpoint, source } = beyond;
    const witness = { kind: 'checkpoint', source } as const;
    return [...this.#problems, { kind: 'tail-missing', last: this.#tree.size, writtenUpTo: checkpoint.size, witness }];
  }

  /** Compares the tree with the checkpoints over as many entries. */
  #compare(): void {
    for (let at = this.#read[this.#next]; at?.checkpoint.size === this.#tree.size; at = this.#read[this.#next]) {
      const { checkpoint, source } = at;
      if (this.#tree.root() !== checkpoint.root) {
        // Another one over as many entries can agree with the record.
        const proven = this.#read.findLast((one) => one.checkpoint.size < checkpoint.size);
        const after = proven?.checkpoint.size ?? 0;
        this.#problems.push({ kind: 'rewritten', after, through: checkpoint.size, source });
        this.#isRewritten = true;
        return;
      }
      this.#next += 1;
    }
  }
}

function isBy(note: string, { origin }: Checkpoint, key: NoteKey): boolean {
  return origin === key.name && isSignedBy(note, key);
}
