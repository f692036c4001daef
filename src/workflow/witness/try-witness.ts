import { type Checkpoint, parseCheckpoint, RecordTree } from '../../hash/checkpoint.ts';
import { OperatorError } from '../../model/operator-error.ts';
import type { WitnessTrial } from '../../model/record/checkpoint.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { CheckpointSigner } from '../ports/signing.ts';
import type { CheckpointWitness } from '../ports/witnesses.ts';
import { entryHashesAfter } from '../record/entry-hashes.ts';
import { isContradiction } from './witnessing.ts';

/** The bot can have a larger checkpoint cosigned meanwhile, once a minute. */
const MOST_TIMES = 3;

export type WitnessedRecord = Pick<AuditTrail, 'newestCheckpoint' | 'entryHashes'>;

export type TrialParts = {
  readonly witness: CheckpointWitness;
  readonly signer: CheckpointSigner;
  /** Opens the record for reading, once it is needed. Rejects with OperatorError if it can't be read. */
  readonly reading: <Result>(read: (record: WitnessedRecord) => Promise<Result>) => Promise<Result>;
};

type Head = Pick<Checkpoint, 'size' | 'root'>;

/**
 * Has a witness cosign what it cosigned last: its key is proven by that, and nothing that it knows changes. It is asked over an empty
 * record first; to that it says how many entries it has cosigned, and then over as many entries of this one. Null: the key can't sign.
 */
export async function tryWitness({ witness, signer, reading }: TrialParts): Promise<WitnessTrial | null> {
  let head: Head = { size: 0, root: new RecordTree().root() };
  for (let times = 1; ; times += 1) {
    const { size, root } = head;
    const signed = await signer.signCheckpoint(size, root);
    if (signed.kind === 'cannot-sign') return null;
    const answer = await witness.addCheckpoint({ old: size, proof: [], note: signed.note });
    if (answer.kind === 'cosigned') return { kind: 'cosigned', entries: size };
    const isElsewhere = answer.kind === 'at' && answer.size !== size;
    // Every record begins as an empty one.
    if (!isElsewhere && size > 0 && isContradiction(answer, { from: size, entries: size }))
      return { kind: 'contradicted', entries: size };
    if (answer.kind !== 'at') return answer;
    if (!isElsewhere || times === MOST_TIMES) return { kind: 'refused', status: 409 };
    const found = await reading((record) => headAt(record, answer.size)).catch(unread(answer.size));
    if ('kind' in found) return found;
    head = found;
  }
}

function unread(size: number): (error: unknown) => WitnessTrial {
  return (error) => {
    if (error instanceof OperatorError) return { kind: 'record-unread', size };
    throw error;
  };
}

/** The record's own first `size` entries. */
async function headAt(record: WitnessedRecord, size: number): Promise<Head | WitnessTrial> {
  const newest = await record.newestCheckpoint();
  const tree = new RecordTree();
  const rootAt = async (through: number) => {
    const read = (after: number, limit: number) => record.entryHashes(after, limit);
    for await (const hashes of entryHashesAfter(read, tree.size, through)) for (const hash of hashes) tree.append(hash);
    return tree.size === through ? tree.root() : null;
  };
  const roots = new Map<number, string | null>();
  for (const through of [size, newest?.size ?? 0].toSorted((a, b) => a - b)) roots.set(through, await rootAt(through));
  const root = roots.get(size) ?? null;
  if (root === null) return { kind: 'ahead', size, entries: tree.size };
  // The bot signs nothing over such a record either.
  if (newest !== null && parseCheckpoint(newest.note)?.root !== roots.get(newest.size))
    return { kind: 'not-as-signed' };
  return { size, root };
}
