import { openSqliteAuditTrail } from '../store/open-sqlite-store.ts';
import type { AuditTrail } from '../workflow/ports.ts';

/** Opens an existing record and changes nothing. Rejects with OperatorError if it can't be read. */
export function openRecordForReading(
  url: string,
): Promise<{ readonly auditTrail: AuditTrail; close(): Promise<void> }> {
  return openSqliteAuditTrail(url);
}
