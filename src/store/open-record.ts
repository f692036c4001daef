import { isPostgresUrl } from '../model/settings/postgres-url.ts';
import type { Clock, Log } from '../workflow/ports/bot.ts';
import { lockRecord } from './lock-record.ts';
import { openExistingStore, openSqliteAuditTrail, openSqliteStore } from './open-sqlite-store.ts';
import type { OpenedStore, OpenedTrail, RecordPlace } from './opened-store.ts';

type Parts = { readonly clock: Clock };
/** `log`: where is told that the database has lost entries. */
type BotParts = Parts & { readonly log?: Log };

/**
 * Opens the record to work on it beside the bot, creates it if it is missing, and upgrades an older one.
 *
 * @throws StoreUnavailable if that fails; its message says why, and what to do.
 */
export async function openRecord(place: RecordPlace, parts: Parts): Promise<OpenedStore> {
  if (!isPostgresUrl(place.url)) return openSqliteStore(place.url, parts);
  const { openPostgresStore } = await import('./open-postgres-store.ts');
  return openPostgresStore(place, parts);
}

/**
 * The same for a bot. A file has one bot, until that closes it: it takes that right before it upgrades the record, which another running
 * bot might use. Null: another bot has it. On Postgres there can be several.
 */
export async function openRecordAsBot(place: RecordPlace, parts: BotParts): Promise<OpenedStore | null> {
  if (isPostgresUrl(place.url)) {
    const { openPostgresStoreAsBot } = await import('./open-postgres-store.ts');
    return openPostgresStoreAsBot(place, parts);
  }
  const lock = await lockRecord(place.url);
  if (lock === null) return null;
  try {
    const opened = await openSqliteStore(place.url, parts);
    return { ...opened, close: () => opened.close().finally(lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** As {@link openRecord}, but a record in a file that is missing is not created. */
export async function openExistingRecord(place: RecordPlace, parts: Parts): Promise<OpenedStore> {
  return isPostgresUrl(place.url) ? openRecord(place, parts) : openExistingStore(place.url, parts);
}

/** Opens an existing record for reading. Creates and upgrades nothing. Throws like {@link openRecord}. */
export async function openTrail(place: RecordPlace): Promise<OpenedTrail> {
  if (!isPostgresUrl(place.url)) return openSqliteAuditTrail(place.url);
  const { openPostgresTrail } = await import('./open-postgres-store.ts');
  return openPostgresTrail(place);
}
