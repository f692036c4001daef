import type { Migration } from 'kysely/migration';
import * as record from './0001-record.ts';

/** Sorted by name. A released migration is never edited; a change is a new migration. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-record': record,
};
