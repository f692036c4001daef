import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { Verification } from '../../../model/plan/execution.ts';
import type { IncidentEntry } from '../../../model/record/audit.ts';
import type { IncidentId, PlanId } from '../../../model/record/ids.ts';
import type { RecordedVerification } from '../../../model/record/record.ts';
import type { KeptBody } from '../../../record/bodies.ts';
import { readRow, toJson } from '../rows.ts';
import type { Tables } from '../tables.ts';

type Row = Selectable<Tables['verifications']>;

/** The primary key is the entry: a second verification under one entry fails. */
export async function insertVerification(
  db: Kysely<Tables>,
  entry: IncidentEntry,
  verification: Verification,
): Promise<void> {
  const { sequence, incidentId, planId } = entry;
  if (planId === null) throw new Error(`entry ${sequence} verifies no plan`);
  await db
    .insertInto('verifications')
    .values({ sequence, incident_id: incidentId, plan_id: planId, body: toJson(verification) })
    .execute();
}

export async function newestVerification(db: Kysely<Tables>, planId: PlanId): Promise<Verification | null> {
  const row = await db
    .selectFrom('verifications')
    .selectAll()
    .where('plan_id', '=', planId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? toVerification(row) : null;
}

/** Reads the verifications of an incident in order, each with the time of its entry. */
export async function verificationsOf(
  db: Kysely<Tables>,
  incidentId: IncidentId,
): Promise<readonly RecordedVerification[]> {
  const rows = await db
    .selectFrom('verifications')
    .innerJoin('audit_entries', 'audit_entries.sequence', 'verifications.sequence')
    .selectAll('verifications')
    .select('audit_entries.at')
    .where('verifications.incident_id', '=', incidentId)
    .orderBy('verifications.sequence')
    .execute();
  return rows.map((row) => ({ verification: toVerification(row), at: toTime(row) }));
}

export async function keptVerificationsOf(db: Kysely<Tables>, incidentId: IncidentId): Promise<readonly KeptBody[]> {
  const rows = await db
    .selectFrom('verifications')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('sequence')
    .execute();
  return rows.map(toKeptVerification);
}

/** The row as the record check compares it with its audit entry. */
export function toKeptVerification({ sequence, incident_id, plan_id, body }: Row): KeptBody {
  return { sequence, incidentId: incident_id, planId: plan_id, body };
}

function toVerification(row: Row): Verification {
  return readRow({ table: 'verifications', key: row.sequence }, Verification, () => JSON.parse(row.body));
}

function toTime({ sequence, at }: Row & { readonly at: string }): string {
  return readRow({ table: 'audit_entries', key: sequence }, z.iso.datetime(), () => at);
}
