import { closeSync, openSync, statSync } from 'node:fs';
import { access, chmod, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errnoCode, systemProblem } from '../../model/system-problem.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import { ownerBesideRoot } from './file-owner.ts';

/** Lets only the bot's own user read the database: it holds who decided what on which host. */
const FILE_MODE = 0o600;

/** The absolute path in `sqlite:./path`; a relative one starts at the current directory. */
export function pathOfUrl(url: string): string {
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : '';
  if (path === '' || path === ':memory:') throw new StoreUnavailable({ kind: 'not-a-record-url', url });
  return resolve(path);
}

/**
 * Creates the file if it is missing, and makes sure that it is writable and only its owner can read it. SQLite gives
 * its write-ahead log the same mode.
 *
 * An existing file is never opened here. Closing it would drop the locks that SQLite holds on it in this process
 * (sqlite.org/howtocorrupt.html, 2.2).
 */
export async function prepareFile(path: string): Promise<void> {
  try {
    requireOwnDirectory(path);
    if (createFile(path)) return;
    await requireFile(path);
    if (((await stat(path)).mode & 0o777) !== FILE_MODE) await chmod(path, FILE_MODE);
    await requireAccess(path);
  } catch (error) {
    throw explained(error, path);
  }
}

/**
 * Refuses to create a record as root in another user's directory: a file of root's would lock that user out. Next to an
 * existing record SQLite gives its files to the record's owner.
 */
function requireOwnDirectory(path: string): void {
  if (process.geteuid?.() !== 0 || statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  const directory = dirname(path);
  const user = ownerBesideRoot(directory);
  if (user !== null) throw new StoreUnavailable({ kind: 'of-another-user', path, directory, user });
}

/** Makes sure that the file can be used or created. Changes nothing. */
export async function requireUsable(path: string): Promise<void> {
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return await access(dirname(path), constants.W_OK);
    await requireFile(path);
    await requireAccess(path);
  } catch (error) {
    throw explained(error, path);
  }
}

/** Makes sure that the file and its directory are writable: SQLite creates other files beside the database. */
async function requireAccess(path: string): Promise<void> {
  await access(path, constants.R_OK | constants.W_OK);
  await access(dirname(path), constants.W_OK);
}

/** Makes sure that there is a file to read at the path. */
export async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw errnoCode(error) === 'ENOENT' ? new StoreUnavailable({ kind: 'file-missing', path }) : explained(error, path);
  });
  if (!found.isFile()) throw new StoreUnavailable({ kind: 'not-a-file', path });
}

/**
 * Returns a check that throws if the path now leads to another file: everything written to the old one would be lost.
 */
export function sameFileGuard(path: string): () => void {
  const opened = identityOf(path);
  return () => {
    if (identityOf(path) !== opened) throw new StoreUnavailable({ kind: 'file-replaced', path });
  };
}

/**
 * Creates the file unless it exists, and returns whether it did. No other connection of this process can have a file
 * open that was just created, so closing it drops no locks.
 */
function createFile(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', FILE_MODE));
    return true;
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function identityOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}` : null;
}

function explained(error: unknown, path: string): unknown {
  const code = errnoCode(error);
  if (code === null) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new StoreUnavailable({ kind: 'directory-missing', path, directory: dirname(path) }, { cause: error });
  }
  return new StoreUnavailable({ kind: 'not-writable', path, why: systemProblem(error) }, { cause: error });
}
