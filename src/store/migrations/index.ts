import type { Migration } from 'kysely/migration';
import * as record from './0001-record.ts';
import * as bots from './0002-bots.ts';
import * as configOnRecord from './0003-config-on-record.ts';

/** Sorted by name. A released migration is never edited; a change is a new migration. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-record': record,
  '0002-bots': bots,
  '0003-config-on-record': configOnRecord,
};

/**
 * Migrations of development versions, all included in `0001-record` since the first release. A record with one of them
 * is not ours to read.
 */
export const BEFORE_RELEASE: readonly string[] = ['0002-outbox', '0003-reviews', '0004-signatures'];
