import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../model/message-of.ts';
import { storeUnavailable } from '../words/en/store.ts';

/** Why the bot could not use a record there, as far as its file and directory say; null: nothing stands against it. Opens and creates nothing. */
export async function recordAccessProblem(url: string): Promise<string | null> {
  const path = /^sqlite:(.+)$/s.exec(url)?.[1];
  if (path === undefined) return storeUnavailable({ kind: 'not-a-sqlite-url', url });
  const directory = dirname(path);
  if (!(await exists(directory))) return storeUnavailable({ kind: 'directory-missing', path, directory });
  // SQLite makes other files beside the record (wal, shm), so its directory must be writable as well.
  for (const place of (await exists(path)) ? [path, directory] : [directory]) {
    const why = await whyNotWritable(place);
    if (why !== null) return storeUnavailable({ kind: 'not-writable', path, why });
  }
  return null;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function whyNotWritable(path: string): Promise<string | null> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
