import { statSync } from 'node:fs';
import type { HostPath } from '../../../src/model/host/host-path.ts';
import type { Accounts } from '../ground/accounts.ts';
import { bytes } from '../ground/ground.ts';

/**
 * What a goss or InSpec profile says about the storage, run as root as usual: `file: {exists: true, filetype:
 * directory, mode: "0770", owner: registry, group: git}`, the values that Omnibus sets. Null: the profile passes.
 */
export function checkLeaf(storageRoot: HostPath, accounts: Accounts): string | null {
  const found = statSync(bytes(storageRoot), { throwIfNoEntry: false });
  if (!found) return 'exists: expected true';
  if (!found.isDirectory()) return 'filetype: expected directory';
  if ((found.mode & 0o7777) !== 0o770) return 'mode: expected 0770';
  const { uid, gid } = accounts.owners('registry:git');
  if (found.uid !== uid) return 'owner: expected registry';
  return found.gid === gid ? null : 'group: expected git';
}

/** Like {@link checkLeaf}. An unreadable path fails the profile as well. */
export function leafComplaint(storageRoot: HostPath, accounts: Accounts): string | null {
  try {
    return checkLeaf(storageRoot, accounts);
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be looked at';
  }
}
