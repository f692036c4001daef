import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** `sun_path` has 108 bytes, the closing zero among them (unix(7)). */
export const MAX_SOCKET_PATH_BYTES = 107;

/**
 * The path of the socket on which the bot with this record answers for its health. If the config says none, it is next to
 * the record, in the one directory that the bot can write to, and named after the record's file. So two records in a directory have two
 * sockets, and a record opened through a symlink has one. A name that is too long for a socket is replaced by its hash.
 */
export function healthSocketFile({ url, socket: said }: HealthSocketPlace): string {
  if (said !== null) return said;
  const record = realPathOf(recordFile(url));
  const socket = `${record}.sock`;
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH_BYTES) return socket;
  const hash = createHash('sha256').update(basename(record)).digest('hex').slice(0, 8);
  return join(dirname(record), `${hash}.sock`);
}

/** What the config says of a record. */
export type HealthSocketPlace = { readonly url: string; readonly socket: string | null };

/** The file of a record URL: `sqlite:/var/lib/registry-doctor/r.db` → `/var/lib/registry-doctor/r.db`. */
export function recordFile(storeUrl: string): string {
  return storeUrl.replace(/^sqlite:/, '');
}

/** The path with symlinks resolved. A record that does not exist yet can have none. */
function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
