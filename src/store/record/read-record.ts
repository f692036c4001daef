import type { Kysely } from 'kysely';
import type { RecordProblem } from '../../model/record/record.ts';
import type { RawEntry, Readable, RecordRows } from '../../record/check-record.ts';
import type { ShownMark } from '../../record/witnesses.ts';
import { RecordDamaged } from '../store-unavailable.ts';
import { auditHead, plainEntry } from '../tables/audit-entries.ts';
import { toDecision } from '../tables/decisions.ts';
import { toKeptDiagnosis } from '../tables/diagnoses.ts';
import { toExecution } from '../tables/executions.ts';
import { toStoredPlan } from '../tables/plans.ts';
import type { AuditEntryRow, Tables } from '../tables/tables.ts';
import { toKeptVerification } from '../tables/verifications.ts';

/** Reads everything that the record check compares. A row that cannot be read becomes a problem with its name. */
export async function readRecord(db: Kysely<Tables>): Promise<RecordRows> {
  const entries = await db.selectFrom('audit_entries').selectAll().orderBy('sequence').execute();
  const plans = await db.selectFrom('plans').selectAll().orderBy('incident_id').orderBy('number').execute();
  return {
    entries: entries.map(unparsedEntry),
    head: await auditHead(db),
    checkpoints: await db.selectFrom('checkpoints').selectAll().orderBy('size').execute(),
    told: await shownMarks(db),
    planHashes: new Map(plans.map(({ id, hash }) => [id, hash])),
    plans: readable(plans, toStoredPlan),
    decisions: readable(await db.selectFrom('decisions').selectAll().execute(), toDecision),
    executions: readable(await db.selectFrom('executions').selectAll().execute(), toExecution),
    diagnoses: readable(await db.selectFrom('diagnoses').selectAll().orderBy('sequence').execute(), toKeptDiagnosis),
    verifications: readable(
      await db.selectFrom('verifications').selectAll().orderBy('sequence').execute(),
      toKeptVerification,
    ),
  };
}

/** The newest audit entry that each message has shown. */
async function shownMarks(db: Kysely<Tables>): Promise<readonly ShownMark[]> {
  const rows = await db
    .selectFrom('messages')
    .select(['key', 'record_sequence', 'record_hash'])
    .where('record_sequence', 'is not', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ key: row.key, sequence: row.record_sequence ?? 0, hash: row.record_hash ?? '' }));
}

function readable<Row, Value>(rows: readonly Row[], read: (row: Row) => Value): Readable<Value> {
  const values: Value[] = [];
  const problems: RecordProblem[] = [];
  for (const row of rows) {
    try {
      values.push(read(row));
    } catch (error) {
      if (!(error instanceof RecordDamaged)) throw error;
      problems.push(error.problem);
    }
  }
  return { values, problems };
}

/**
 * The entry for the chain check. A JSON column that cannot be parsed stays text, so that the check calls the entry
 * unreadable.
 */
function unparsedEntry(row: AuditEntryRow): RawEntry {
  return { ...plainEntry(row), actor: parsedOrText(row.actor), outcome: parsedOrText(row.outcome) };
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
