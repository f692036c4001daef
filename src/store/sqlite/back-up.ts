import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup } from 'node:sqlite';
import { errnoCode } from '../../model/system-problem.ts';
import { openReadingConnection } from './connection.ts';
import { pathOfUrl, requireFile } from './database-file.ts';

const FILE_MODE = 0o600;

/**
 * Copies the record at `sqlite:PATH` to a new file while others use it, by SQLite's own backup (sqlite.org/backup.html): one state of it, as of
 * the end of the copy. The file appears under its name only when it is whole and on the disk. False: there is a file of that name, which stays.
 *
 * @throws StoreUnavailable if the record can't be read; a system error if the file can't be written
 */
export async function backUpRecord(url: string, file: string): Promise<boolean> {
  const path = pathOfUrl(url);
  await requireFile(path);
  if (await exists(file)) return false;
  const part = `${file}.part`;
  await (await open(part, 'wx', FILE_MODE)).close();
  const database = await openReadingConnection(path).catch(async (error: unknown) => {
    await rm(part, { force: true });
    throw error;
  });
  try {
    await backup(database, part);
    await sync(part);
    if (await exists(file)) return false;
    await rename(part, file);
    await sync(dirname(file));
    return true;
  } finally {
    database.close();
    await rm(part, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
