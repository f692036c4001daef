import type { ExportedIncident, ToldIncident } from '../../model/record/documents/exported-incident.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import { exportIncident } from '../../record/export/export-incident.ts';
import { readExport } from '../../record/export/read-export.ts';
import type { AuditTrail, EntriesWanted } from '../ports/audit-trail.ts';
import type { CheckpointSigner } from '../ports/signing.ts';
import { proveEntries } from './prove-entries.ts';

/** What incidents are exported from. */
export type ExportSources = {
  readonly trail: AuditTrail;
  /** Null: nothing new is signed. */
  readonly signer: CheckpointSigner | null;
  /** The version of this program. */
  readonly writtenBy: string;
};

/**
 * Takes incidents out of the record, one after the other, in the order of their numbers, all proven by one checkpoint. Changes nothing
 * in the record. Nothing comes if there is no such incident.
 */
export async function* exportIncidents(
  wanted: EntriesWanted,
  { trail, signer, writtenBy }: ExportSources,
  language: ExportedIncident['language'],
): AsyncGenerator<ToldIncident> {
  const entries = await trail.entryNumbers(wanted);
  const proofs = await proveEntries(
    entries.map(({ sequence }) => sequence),
    trail,
    signer,
  );
  for (const id of new Set(entries.map(({ incidentId }): IncidentId => incidentId))) {
    const record = await trail.incidentRecord(id);
    if (record === null) continue;
    const exported = exportIncident(record, await trail.keptBodies(id), proofs, { writtenBy, language });
    yield readExport(exported).told;
  }
}
