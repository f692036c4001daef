import { parseCheckpoint, RecordTree } from '../../hash/checkpoint.ts';
import type { InclusionPath } from '../../hash/merkle-frontier.ts';
import type { SignedCheckpoint } from '../../model/record/checkpoint.ts';
import type { EntryProofs } from '../../record/export/export-incident.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { CheckpointSigner } from '../ports/signing.ts';
import { entryHashesAfter } from './entry-hashes.ts';

/**
 * Proves entries by one checkpoint: by the newest one that is stored, or by a new one over the whole record if that does not cover all of
 * them and `signer` can sign. Reads the hash of each entry once; what it keeps grows with the number of entries that are proven.
 */
export async function proveEntries(
  sequences: readonly number[],
  trail: Pick<AuditTrail, 'newestCheckpoint' | 'entryHashes'>,
  signer: CheckpointSigner | null,
): Promise<EntryProofs> {
  const newest = await trail.newestCheckpoint();
  const isCovered = sequences.every((sequence) => sequence <= (newest?.size ?? 0));
  const isNew = signer !== null && !isCovered;
  if (newest === null && !isNew) return nothingCovered('no-key');
  const paths = new Map(sequences.map((sequence): [number, InclusionPath] => [sequence, []]));
  const tree = await treeOf(trail, paths, { newest, upTo: isNew ? Number.POSITIVE_INFINITY : (newest?.size ?? 0) });
  if (tree === null) return nothingCovered('contradicted');
  const note = isNew ? await signedOver(tree, signer) : (newest?.note ?? null);
  if (note === null) return { ...(await proveEntries(sequences, trail, null)), uncovered: 'not-signed' };
  tree.close();
  const covered = [...paths].filter(([sequence]) => sequence <= tree.size);
  return {
    checkpoint: note,
    uncovered: covered.length === sequences.length ? null : 'no-key',
    inclusions: new Map(covered),
  };
}

function nothingCovered(uncovered: NonNullable<EntryProofs['uncovered']>): EntryProofs {
  return { checkpoint: null, uncovered, inclusions: new Map() };
}

async function signedOver(tree: RecordTree, signer: CheckpointSigner): Promise<string | null> {
  const signed = await signer.signCheckpoint(tree.size, tree.root());
  return signed.kind === 'signed' ? signed.note : null;
}

/** Null: the record is not the one that its newest checkpoint was signed over, so nothing else is signed over it. */
async function treeOf(
  trail: Pick<AuditTrail, 'entryHashes'>,
  paths: ReadonlyMap<number, InclusionPath>,
  { newest, upTo }: { readonly newest: SignedCheckpoint | null; readonly upTo: number },
): Promise<RecordTree | null> {
  const tree = new RecordTree();
  let isSame = newest === null;
  for await (const hashes of entryHashesAfter((after, limit) => trail.entryHashes(after, limit), 0, upTo)) {
    for (const hash of hashes) {
      tree.append(hash, paths.get(tree.size + 1) ?? null);
      if (tree.size === newest?.size) isSame = parseCheckpoint(newest.note)?.root === tree.root();
    }
  }
  return isSame ? tree : null;
}
