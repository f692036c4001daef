import type { Kysely } from 'kysely';
import { SignedCheckpoint } from '../../../model/record/checkpoint.ts';
import { readRow } from '../rows.ts';
import type { Tables } from '../tables.ts';

/** Keeps the checkpoint, unless there is one over as many entries: the first one stays. Resolves to the one that is kept. */
export async function keepCheckpoint(db: Kysely<Tables>, checkpoint: SignedCheckpoint): Promise<SignedCheckpoint> {
  const { size } = checkpoint;
  const row = await db.selectFrom('checkpoints').selectAll().where('size', '=', size).executeTakeFirst();
  if (row) return readRow({ table: 'checkpoints', key: size }, SignedCheckpoint, () => row);
  await db.insertInto('checkpoints').values(checkpoint).execute();
  return checkpoint;
}

/** The checkpoint over the most entries. Null: there is none. */
export async function newestCheckpoint(db: Kysely<Tables>): Promise<SignedCheckpoint | null> {
  const row = await db.selectFrom('checkpoints').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
  return row ? readRow({ table: 'checkpoints', key: row.size }, SignedCheckpoint, () => row) : null;
}

/** As they are stored. The smallest first. */
export function allCheckpoints(db: Kysely<Tables>): Promise<readonly SignedCheckpoint[]> {
  return db.selectFrom('checkpoints').selectAll().orderBy('size').execute();
}

/** Keeps a checkpoint with its cosignatures. The first one over as many entries stays. */
export async function insertCosigned(db: Kysely<Tables>, checkpoint: SignedCheckpoint): Promise<void> {
  const { size } = checkpoint;
  const kept = await db.selectFrom('cosigned').select('size').where('size', '=', size).executeTakeFirst();
  if (kept === undefined) await db.insertInto('cosigned').values(checkpoint).execute();
}

/** The newest checkpoint that a witness cosigned. Null: there is none. */
export async function newestCosigned(db: Kysely<Tables>): Promise<SignedCheckpoint | null> {
  const row = await db.selectFrom('cosigned').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
  return row ? readRow({ table: 'cosigned', key: row.size }, SignedCheckpoint, () => row) : null;
}

/** The hashes of the entries after `sequence`, in order: the next leaves of the record's Merkle tree. */
export async function entryHashes(db: Kysely<Tables>, sequence: number, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('audit_entries')
    .select('hash')
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map(({ hash }) => hash);
}
