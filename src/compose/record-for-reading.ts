import { openSqliteAuditTrail } from '../store/open-sqlite-store.ts';
import type { AuditTrail } from '../workflow/ports.ts';

/** Opens a record that exists, and changes nothing of it. Rejects with OperatorError when it cannot be read. */
export function openRecordForReading(
  url: string,
): Promise<{ readonly auditTrail: AuditTrail; close(): Promise<void> }> {
  return openSqliteAuditTrail(url);
}
