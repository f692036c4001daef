import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** `sun_path` has 108 bytes, the closing zero among them (unix(7)). */
export const MAX_SOCKET_PATH_BYTES = 107;

/**
 * Where the bot with this record is asked for its health: a socket beside the record, in the one directory that the bot
 * can write in. It has the name of the record's file. So two records in one directory have two sockets, and one record
 * under two names (a symlink) has one. A name that is too long for a socket is replaced by its hash.
 */
export function healthSocketFile(storeUrl: string): string {
  const record = realPathOf(recordFile(storeUrl));
  const socket = `${record}.sock`;
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH_BYTES) return socket;
  const hash = createHash('sha256').update(basename(record)).digest('hex').slice(0, 8);
  return join(dirname(record), `${hash}.sock`);
}

/** The file of a record: `sqlite:/var/lib/registry-doctor/r.db` → `/var/lib/registry-doctor/r.db`. */
export function recordFile(storeUrl: string): string {
  return storeUrl.replace(/^sqlite:/, '');
}

/** A record that does not exist yet has no other name. */
function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
