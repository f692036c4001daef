import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const OTHERS_SEARCH = 0o001;
const OWNER_ALL = 0o700;

/**
 * Creates a directory of our own that every account can reach, since the practice registry runs as an account that owns
 * nothing. Throws if there is no parent directory that allows it.
 */
export function makeScratchDirectory(): string {
  const places = [...new Set([tmpdir(), '/var/tmp', '/tmp'])];
  const parent = places.find(isOpenToAll);
  if (parent === undefined) {
    throw new Error(
      `none of ${places.join(', ')} can be passed by every account, so the practice host cannot be built; ` +
        'set TMPDIR to a directory that can, with all the directories above it',
    );
  }
  const scratch = mkdtempSync(join(realpathSync(parent), 'rd-'));
  chmodSync(scratch, 0o755);
  return scratch;
}

/** Removes a scratch directory, whatever modes its directories have. Follows no symlink. */
export function removeScratchDirectory(scratch: string): void {
  openDirectories(scratch);
  rmSync(scratch, { recursive: true, force: true });
}

/** Whether all other users can pass through the directory and every one above it (path_resolution(7)). */
function isOpenToAll(place: string): boolean {
  try {
    return selfAndAncestors(realpathSync(place)).every((path) => (statSync(path).mode & OTHERS_SEARCH) !== 0);
  } catch {
    return false;
  }
}

function selfAndAncestors(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...selfAndAncestors(parent)];
}

function openDirectories(directory: string): void {
  chmodSync(directory, OWNER_ALL);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) openDirectories(join(directory, entry.name));
  }
}
