import { dirname } from 'node:path';
import type { StoreProblem } from '../model/record/store-problem.ts';
import { isPostgresUrl } from '../model/settings/postgres-url.ts';
import type { RecordPlace } from './opened-store.ts';
import { pathOfUrl, requireUsable } from './sqlite/database-file.ts';
import { ownerBesideRoot } from './sqlite/file-owner.ts';
import { StoreUnavailable } from './store-unavailable.ts';

/**
 * Why the bot could not use a record there, as far as its file and directory show, or its server answers. Null: no problem
 * found. Creates nothing.
 */
export async function recordAccessProblem(place: RecordPlace): Promise<StoreProblem | null> {
  try {
    if (isPostgresUrl(place.url)) await (await import('./open-postgres-store.ts')).requireUsablePostgres(place);
    else await requireUsable(pathOfUrl(place.url));
    return null;
  } catch (error) {
    if (error instanceof StoreUnavailable) return error.problem;
    throw error;
  }
}

/** The account, other than root, that owns the record, its directory or one of these files. Null: root owns them all. */
export function serviceUser(url: string | null, files: readonly string[]): string | null {
  const record = url?.startsWith('sqlite:') ? pathOfUrl(url) : null;
  const paths = record === null ? files : [record, dirname(record), ...files];
  for (const path of paths) {
    const owner = ownerBesideRoot(path);
    if (owner !== null) return owner;
  }
  return null;
}
