import { realpathSync } from 'node:fs';
import { openExclusively } from './sqlite/connection.ts';
import { pathOfUrl, prepareFile } from './sqlite/database-file.ts';

/** The exclusive right to run a bot on a record. It ends at the latest with this process. */
export type RecordLock = { release(): void };

/**
 * Takes the lock of a record. Null: another bot has it. The lock is on a file of its own next to the record
 * (`RECORD.lock`), so that the record can be read meanwhile, and a killed bot leaves nothing that looks like a lock.
 * The file is never removed, since two bots could then each lock a file of that name. A missing record file is created,
 * so that all of its names (symlinks) share one lock.
 *
 * @throws StoreUnavailable if there can be no record at this URL
 */
export async function lockRecord(url: string): Promise<RecordLock | null> {
  const record = pathOfUrl(url);
  await prepareFile(record);
  const lockFile = `${realpathSync(record)}.lock`;
  await prepareFile(lockFile);
  const database = openExclusively(lockFile);
  return database && { release: () => database.close() };
}
