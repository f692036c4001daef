import type { AuditEntry } from '../../model/record/audit.ts';
import type { SignedCheckpoint, WitnessAnswer } from '../../model/record/checkpoint.ts';

/** Who keeps the checkpoints and the entries of the record outside it. */

/** Signs checkpoints over the record, and hands them to those who keep them. */
export interface Checkpoints {
  keep(): Promise<void>;
  /** A checkpoint over everything that is on record now, or the newest one if none can be signed. Null: there is none. */
  signNow(): Promise<SignedCheckpoint | null>;
}

/** A place outside the record that takes checkpoints: a file, or the syslog of another machine. */
export interface CheckpointTaker {
  readonly name: 'file' | 'syslog';
  /** Rejects if the note was not handed over. */
  append(note: string): Promise<void>;
}

export interface CheckpointFile extends CheckpointTaker {
  /** The last note in it. Null: there is none. Rejects if it can't be read. */
  last(): Promise<string | null>;
}

/** Another party that signs a checkpoint after it has verified that the record only grew (https://c2sp.org/tlog-witness). */
export interface CheckpointWitness {
  /** `old`: the size of the last checkpoint that it signed; `proof`: that the record grew from it. */
  addCheckpoint(request: {
    readonly old: number;
    readonly proof: readonly string[];
    readonly note: string;
  }): Promise<WitnessAnswer>;
}

/** An OpenTelemetry collector that takes the entries of the record as logs. */
export interface EntryCollector {
  /** In order. Never rejects. */
  send(entries: readonly AuditEntry[], stop: AbortSignal): Promise<Taking>;
}

export type Taking =
  /** `rejected`: so many of them the collector dropped, and it must not get them again. */
  | { readonly kind: 'taken'; readonly rejected: number; readonly says: string }
  /** It took none: one of them is something that it never takes, or together they are too much. */
  | { readonly kind: 'refused'; readonly why: string }
  /** None is known to be taken. `afterMs`: what the collector asks to wait; 0: nothing. */
  | { readonly kind: 'failed'; readonly why: string; readonly afterMs: number };
