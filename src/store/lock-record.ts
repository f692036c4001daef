import { realpathSync } from 'node:fs';
import { openExclusively } from './sqlite/connection.ts';
import { pathOfUrl, prepareFile } from './sqlite/database-file.ts';

/** The right to be the one bot of a record. It ends with this process at the latest. */
export type RecordLock = { release(): void };

/**
 * Takes that right. Null: another bot has it. The lock is on a file of its own beside the record (`RECORD.lock`), so
 * that the record can be read meanwhile, and a dead bot leaves nothing that looks like a lock. The file is never
 * removed: two bots could then each lock one of that name. A missing record file is created, so that each of its names
 * leads to one lock.
 *
 * @throws StoreUnavailable if no record can be there
 */
export async function lockRecord(url: string): Promise<RecordLock | null> {
  const record = pathOfUrl(url);
  await prepareFile(record);
  const lockFile = `${realpathSync(record)}.lock`;
  await prepareFile(lockFile);
  const database = openExclusively(lockFile);
  return database && { release: () => database.close() };
}
