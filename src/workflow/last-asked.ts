import type { AuditEntry } from '../model/audit.ts';
import type { Incident } from '../model/incident.ts';
import type { RecordTransaction } from './ports.ts';

/** The entry by which the incident's newest diagnosis was asked for. */
export async function lastAsked(tx: RecordTransaction, { id }: Incident): Promise<AuditEntry | undefined> {
  const entries = await tx.auditEntries(id);
  return entries.findLast(({ act }) => act === 'incident-opened' || act === 'diagnosis-requested');
}
