import type { Kysely, Selectable } from 'kysely';
import { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { IncidentEntry } from '../../model/record/audit.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { KeptBody } from '../../record/bodies.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['diagnoses']>;

/** The primary key is the entry: a second diagnosis under one entry fails. */
export async function insertDiagnosis(db: Kysely<Tables>, entry: IncidentEntry, diagnosis: Diagnosis): Promise<void> {
  await db
    .insertInto('diagnoses')
    .values({ sequence: entry.sequence, incident_id: entry.incidentId, body: toJson(diagnosis) })
    .execute();
}

export async function newestDiagnosis(db: Kysely<Tables>, incidentId: IncidentId): Promise<Diagnosis | null> {
  const row = await ofIncident(db, incidentId).orderBy('sequence', 'desc').limit(1).executeTakeFirst();
  return row ? toDiagnosis(row) : null;
}

/** Reads the diagnoses of an incident, in order. */
export async function diagnosesOf(db: Kysely<Tables>, incidentId: IncidentId): Promise<readonly Diagnosis[]> {
  return (await ofIncident(db, incidentId).orderBy('sequence').execute()).map(toDiagnosis);
}

export async function keptDiagnosesOf(db: Kysely<Tables>, incidentId: IncidentId): Promise<readonly KeptBody[]> {
  return (await ofIncident(db, incidentId).orderBy('sequence').execute()).map(toKeptDiagnosis);
}

/** The row as the record check compares it with its audit entry. */
export function toKeptDiagnosis({ sequence, incident_id, body }: Row): KeptBody {
  return { sequence, incidentId: incident_id, planId: null, body };
}

function ofIncident(db: Kysely<Tables>, incidentId: IncidentId) {
  return db.selectFrom('diagnoses').selectAll().where('incident_id', '=', incidentId);
}

function toDiagnosis(row: Row): Diagnosis {
  return readRow({ table: 'diagnoses', key: row.sequence }, Diagnosis, () => JSON.parse(row.body));
}
