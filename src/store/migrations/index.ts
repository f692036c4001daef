import type { Migration } from 'kysely/migration';
import * as record from './0001-record.ts';
import * as outbox from './0002-outbox.ts';
import * as reviews from './0003-reviews.ts';
import * as signatures from './0004-signatures.ts';

/** In the order of their names. One that was released is never edited: a change is a new one. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-record': record,
  '0002-outbox': outbox,
  '0003-reviews': reviews,
  '0004-signatures': signatures,
};
