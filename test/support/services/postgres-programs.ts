import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian keeps the programs of each version of Postgres: only those of clients are on the PATH. */
const VERSIONS = '/usr/lib/postgresql';

/** The directory with the newest server's programs. Null: there is none. */
export function postgresPrograms(): string | null {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a)) : [];
  const directories = versions.map((version) => join(VERSIONS, version, 'bin'));
  return directories.find((directory) => existsSync(join(directory, 'initdb'))) ?? null;
}
