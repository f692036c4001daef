import { type CopyOutcome, copyRecord } from '../../store/copy-record.ts';
import type { RecordPlace } from '../../store/opened-store.ts';
import { systemClock } from '../system-clock.ts';

/** Copies a record from a file into an empty Postgres database. Rejects with OperatorError if one of them can't be used. */
export function migrateRecord(from: string, to: RecordPlace): Promise<CopyOutcome> {
  return copyRecord(from, to, { clock: systemClock });
}
