import { type Kysely, sql } from 'kysely';
import type { Incident } from '../../model/record/incident.ts';
import type { RecordProblem } from '../../model/record/record.ts';
import type { EntryBatch, RecordEnds } from '../../record/check/check-record.ts';
import type { PlanBatch, Readable } from '../../record/check/plans-walk.ts';
import type { Mark } from '../../record/check/witnesses.ts';
import { RecordDamaged } from '../store-unavailable.ts';
import { auditHead, rawEntriesAfter } from '../tables/chain/audit-entries.ts';
import { allCheckpoints } from '../tables/chain/checkpoints.ts';
import { toKeptDiagnosis } from '../tables/diagnoses.ts';
import { toIncident } from '../tables/incidents.ts';
import { toKeptDecision } from '../tables/plan/decisions.ts';
import { toExecution } from '../tables/plan/executions.ts';
import { toStoredPlan } from '../tables/plan/plans.ts';
import { toKeptVerification } from '../tables/plan/verifications.ts';
import { withTexts } from '../tables/rows.ts';
import type { Tables } from '../tables/tables.ts';

/** Diagnoses are large: this many must have room in memory. What a batch leaves behind is soon cleared if the batch is small. */
const ENTRIES_AT_ONCE = 500;
const HASHES_AT_ONCE = 2_000;
const INCIDENTS_AT_ONCE = 200;
const PLANS_AT_ONCE = 50;
/** Sorts after every plan id, and after whatever someone put in place of one. */
const AFTER_ALL_IDS = '\u{10ffff}';

export async function recordEnds(db: Kysely<Tables>): Promise<Omit<RecordEnds, 'messages'>> {
  const { total } = await db
    .selectFrom('audit_entries')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const [newestShown = null] = withKeys(
    await shownMarks(db).orderBy('record_sequence', 'desc').orderBy('id').limit(1).execute(),
  );
  return {
    total,
    head: await auditHead(db),
    checkpoints: withNotes(await allCheckpoints(db)),
    newestShown,
  };
}

/** All entries in order, with what is kept under their numbers. */
export async function* entryBatches(db: Kysely<Tables>): AsyncGenerator<EntryBatch> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const entries = withContents(await rawEntriesAfter(db, after, ENTRIES_AT_ONCE));
    const isLast = entries.length < ENTRIES_AT_ONCE;
    const through = isLast ? Number.MAX_SAFE_INTEGER : (entries.at(-1)?.sequence ?? after);
    const numbered = between('sequence', after, through);
    const diagnoses = await db.selectFrom('diagnoses').selectAll().where(numbered).execute();
    const verifications = await db.selectFrom('verifications').selectAll().where(numbered).execute();
    yield {
      entries,
      values: withValues(await db.selectFrom('entry_values').selectAll().where(numbered).execute()),
      shown: withKeys(
        await shownMarks(db)
          .where(between('record_sequence', after, through))
          .execute(),
      ),
      diagnoses: withBodies(diagnoses).map(toKeptDiagnosis),
      verifications: withBodies(verifications).map(toKeptVerification),
    };
    if (isLast) return;
    after = through;
  }
}

/** The hashes of all entries in order. */
export async function* entryHashBatches(db: Kysely<Tables>): AsyncGenerator<readonly Pick<Mark, 'hash'>[]> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const marks = await db
      .selectFrom('audit_entries')
      .select(['sequence', 'hash'])
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(HASHES_AT_ONCE)
      .execute();
    yield withHashes(marks);
    if (marks.length < HASHES_AT_ONCE) return;
    after = marks.at(-1)?.sequence ?? after;
  }
}

const withContents = withTexts('at', 'actor', 'act', 'outcome', 'previousHash', 'hash');
const withHashes = withTexts('hash');
const withKeys = withTexts('key', 'hash');
const withValues = withTexts('field', 'salt', 'value');
const withBodies = withTexts('body');
export const withNotes = withTexts('note');

/** The rows after one key, up to and including another. */
function between(column: string, after: number | string, through: number | string) {
  return sql<boolean>`${sql.ref(column)} > ${after} and ${sql.ref(column)} <= ${through}`;
}

/** All incidents. A row that cannot be read becomes a problem with its name. */
export async function* incidentBatches(db: Kysely<Tables>): AsyncGenerator<Readable<Incident>> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const incidents = await db
      .selectFrom('incidents')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(INCIDENTS_AT_ONCE)
      .execute();
    yield readable(incidents, toIncident);
    if (incidents.length < INCIDENTS_AT_ONCE) return;
    after = incidents.at(-1)?.id ?? after;
  }
}

/** All plans, with what is kept about each. A row that cannot be read becomes a problem with its name. */
export async function* planBatches(db: Kysely<Tables>): AsyncGenerator<PlanBatch> {
  for (let after = ''; ; ) {
    const plans = await db
      .selectFrom('plans')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(PLANS_AT_ONCE)
      .execute();
    const isLast = plans.length < PLANS_AT_ONCE;
    const through = isLast ? AFTER_ALL_IDS : (plans.at(-1)?.id ?? after);
    const ofThese = between('plan_id', after, through);
    yield {
      hashes: new Map(plans.map(({ id, hash }) => [id, hash])),
      plans: readable(plans, toStoredPlan),
      decisions: readable(await db.selectFrom('decisions').selectAll().where(ofThese).execute(), toKeptDecision),
      executions: readable(await db.selectFrom('executions').selectAll().where(ofThese).execute(), toExecution),
    };
    if (isLast) return;
    after = through;
  }
}

/** The newest audit entry that each message has shown. */
function shownMarks(db: Kysely<Tables>) {
  return db
    .selectFrom('messages')
    .select(['key', 'record_sequence as sequence', 'record_hash as hash'])
    .where('record_sequence', 'is not', null)
    .where('record_hash', 'is not', null)
    .$narrowType<{ sequence: number; hash: string }>();
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
