import { count } from './time.ts';

/** `audit backup FILE`. */

export function backedUp(file: string, entries: number, last: string | null): string {
  if (last === null) return `Backed up to ${file}: a record without entries.`;
  return `Backed up to ${file}: ${count(entries, 'entry', 'entries')}, last ${last}. The copy is intact.`;
}

export const ON_SERVER =
  'The record is on a Postgres server. Nothing was backed up. Use `pg_dump`, as docs/operations.md says.';

export function fileExists(file: string): string {
  return `${file} exists already. Nothing was written. Name a new file.`;
}

export function notWritten(file: string, why: string): string {
  return `Can’t write ${file}: ${why}. Nothing was backed up. Name a file in a directory that you can write to, on a disk with room.`;
}

export function copyBroken(file: string, problems: number): string {
  return `${file} was written, but the record in it is NOT intact: ${count(problems, 'problem')}. Keep it as evidence, and run \`registry-doctor audit verify\`.`;
}
