import { resolve } from 'node:path';
import type { RecordCheck } from '../../model/record/record.ts';
import { isPostgresUrl } from '../../model/settings/postgres-url.ts';
import { openSqliteAuditTrail } from '../../store/open-sqlite-store.ts';
import { backUpRecord as copyRecord } from '../../store/sqlite/back-up.ts';

/** Copies the record to a new file, and verifies the copy. Rejects with OperatorError if there is no record to copy. */
export async function backUpRecord(
  url: string,
  file: string,
): Promise<{ readonly kind: 'exists' | 'on-server' } | { readonly kind: 'copied'; readonly check: RecordCheck }> {
  if (isPostgresUrl(url)) return { kind: 'on-server' };
  if (!(await copyRecord(url, resolve(file)))) return { kind: 'exists' };
  const { auditTrail, close } = await openSqliteAuditTrail(`sqlite:${resolve(file)}`);
  return { kind: 'copied', check: await auditTrail.verify().finally(close) };
}
