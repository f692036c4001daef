import type { Migration } from 'kysely/migration';
import * as record from './0001-record.ts';

/** In the order of their names. One that was released is never edited: a change is a new one. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-record': record,
};
