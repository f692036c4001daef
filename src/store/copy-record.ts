import { MerkleFrontier } from '../hash/merkle-frontier.ts';
import type { EntryMark } from '../model/record/messages/thread-message.ts';
import type { AuditTrail } from '../workflow/ports/audit-trail.ts';
import type { Clock } from '../workflow/ports/bot.ts';
import { copyTables } from './copy-tables.ts';
import { lockRecord } from './lock-record.ts';
import { openRecord, openTrail } from './open-record.ts';
import type { RecordPlace } from './opened-store.ts';
import { pathOfUrl, requireFile } from './sqlite/database-file.ts';

/** What proves that two records have the same chain. `root`: of the Merkle tree over all entries, in Base64. */
export type ChainEnd = { readonly entries: number; readonly last: EntryMark | null; readonly root: string };

export type CopyOutcome =
  | ({ readonly kind: 'copied' } & ChainEnd)
  /** Nothing was written. */
  | { readonly kind: 'source-in-use' | 'target-not-empty' }
  | { readonly kind: 'source-broken'; readonly problems: number }
  /** A table of the copy is not that of the source, so nothing of it was kept. */
  | { readonly kind: 'rows-differ'; readonly table: string }
  /** The copy was written, and is not to be used. */
  | { readonly kind: 'chain-differs' };

/**
 * Copies the record at `sqlite:PATH`, on which no bot may run, into an empty Postgres database: all rows or none, each
 * compared as the server gives it back. Both records are verified.
 *
 * @throws StoreUnavailable if one of them can't be used
 */
export async function copyRecord(
  from: string,
  to: RecordPlace,
  parts: { readonly clock: Clock },
): Promise<CopyOutcome> {
  await requireFile(pathOfUrl(from));
  const lock = await lockRecord(from);
  if (lock === null) return { kind: 'source-in-use' };
  try {
    return await copyLocked(from, to, parts);
  } finally {
    lock.release();
  }
}

async function copyLocked(from: string, to: RecordPlace, parts: { readonly clock: Clock }): Promise<CopyOutcome> {
  const source = await chainEndOf({ url: from, passwordFile: null });
  if (typeof source === 'number') return { kind: 'source-broken', problems: source };
  await (await openRecord(to, parts)).close();
  const copied = await copyTables(pathOfUrl(from), to);
  if (copied.kind !== 'copied') return copied;
  const target = await chainEndOf(to);
  const isSame = typeof target !== 'number' && target.root === source.root && target.last?.hash === source.last?.hash;
  return isSame ? { kind: 'copied', ...source } : { kind: 'chain-differs' };
}

/** A number: the record is not intact, and has so many problems. */
async function chainEndOf(place: RecordPlace): Promise<ChainEnd | number> {
  const { auditTrail, close } = await openTrail(place);
  try {
    const check = await auditTrail.verify();
    if (check.kind === 'broken') return check.problems.length;
    return { entries: check.entries, last: check.last, root: await treeRoot(auditTrail) };
  } finally {
    await close();
  }
}

const HASHES_AT_ONCE = 10_000;

async function treeRoot(trail: AuditTrail): Promise<string> {
  const tree = new MerkleFrontier();
  for (;;) {
    const hashes = await trail.entryHashes(tree.size, HASHES_AT_ONCE);
    for (const hash of hashes) tree.append(Buffer.from(hash, 'utf8'));
    if (hashes.length < HASHES_AT_ONCE) return tree.root().toString('base64');
  }
}
