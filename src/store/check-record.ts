import type { Kysely } from 'kysely';
import type { RecordCheck, RecordProblem } from '../model/record.ts';
import { RecordMark } from '../model/thread-message.ts';
import { isSealIntact } from '../workflow/plan-seal.ts';
import type { StoredPlan } from '../workflow/ports.ts';
import { verifyChain } from './audit-chain.ts';
import { auditHead, endProblem, plainEntry, toAuditEntry } from './audit-entries.ts';
import { planRowProblems } from './check-plan-rows.ts';
import { toDecision } from './decisions.ts';
import { toExecution } from './executions.ts';
import { toStoredPlan } from './plans.ts';
import { RecordDamaged } from './store-unavailable.ts';
import type { AuditEntryRow, Tables } from './tables.ts';

/**
 * Checks the whole record. The chain names what was changed, taken out or moved; what was cut off its end, or made anew
 * together with its hashes, is seen by what else was told of the entries: the head, the messages, the plans.
 */
export async function checkRecord(db: Kysely<Tables>): Promise<RecordCheck> {
  const rows = await db.selectFrom('audit_entries').selectAll().orderBy('sequence').execute();
  const last = rows.at(-1) ?? null;
  const head = await auditHead(db);
  const [problem, ...more] = [
    verifyChain(rows.map(unparsedEntry)),
    endProblem(last, head),
    await toldOfMore(db, Math.max(last?.sequence ?? 0, head?.sequence ?? 0), last?.sequence ?? 0),
    await firstContradiction(db),
    ...(await planProblems(db, rows)),
  ].filter((candidate) => candidate !== null);
  if (problem) return { kind: 'broken', entries: rows.length, problems: [problem, ...more] };
  return { kind: 'intact', entries: rows.length, last: last && RecordMark.strip().parse(last) };
}

/** A message that tells of an entry after all that entries and head know of. */
async function toldOfMore(db: Kysely<Tables>, known: number, last: number): Promise<RecordProblem | null> {
  const told = await db
    .selectFrom('messages')
    .select(['key', 'record_sequence as sequence'])
    .where('record_sequence', '>', known)
    .orderBy('record_sequence', 'desc')
    .executeTakeFirst();
  if (!told?.sequence) return null;
  return { kind: 'tail-missing', last, writtenUpTo: told.sequence, witness: { kind: 'message', key: told.key } };
}

/** The first entry of which a message was told another hash: from there on the chain was made anew. */
async function firstContradiction(db: Kysely<Tables>): Promise<RecordProblem | null> {
  const told = await db
    .selectFrom('messages')
    .innerJoin('audit_entries', 'audit_entries.sequence', 'messages.record_sequence')
    .select(['messages.key', 'audit_entries.sequence'])
    .whereRef('audit_entries.hash', 'is not', 'messages.record_hash')
    .orderBy('audit_entries.sequence')
    .executeTakeFirst();
  if (told === undefined) return null;
  return { kind: 'contradicted', sequence: told.sequence, witness: { kind: 'message', key: told.key } };
}

async function planProblems(db: Kysely<Tables>, entries: readonly AuditEntryRow[]): Promise<RecordProblem[]> {
  const rows = await db.selectFrom('plans').selectAll().orderBy('incident_id').orderBy('number').execute();
  const plans = readable(rows, toStoredPlan);
  const resealed = plans.values.filter(({ plan }) => !isSealIntact(plan)).map(({ plan }) => changed(plan.id));
  const problems: RecordProblem[] = [...plans.problems, ...resealed];
  const hashes = new Map(rows.map((plan) => [plan.id, plan.hash]));
  for (const { sequence, plan_id: planId, plan_hash: planHash } of entries) {
    if (planId === null || planHash === hashes.get(planId)) continue;
    if (problems.some((problem) => 'planId' in problem && problem.planId === planId)) continue;
    problems.push(hashes.has(planId) ? changed(planId) : { kind: 'plan-missing', planId, sequence });
  }
  return [...problems, ...(await rowProblems(db, plans.values, entries))];
}

function changed(planId: string): RecordProblem {
  return { kind: 'plan-changed', planId };
}

/** Of entries that cannot be read the chain tells. */
async function rowProblems(
  db: Kysely<Tables>,
  plans: readonly StoredPlan[],
  entries: readonly AuditEntryRow[],
): Promise<readonly RecordProblem[]> {
  const decisions = readable(await db.selectFrom('decisions').selectAll().execute(), toDecision);
  const executions = readable(await db.selectFrom('executions').selectAll().execute(), toExecution);
  const decisionsOn = Map.groupBy(decisions.values, ({ planId }) => planId);
  const executionOf = new Map(executions.values.map((execution) => [execution.planId, execution]));
  const toldOf = Map.groupBy(readable(entries, toAuditEntry).values, ({ planId }) => planId);
  const disagreements = plans.flatMap((stored) => {
    const { id } = stored.plan;
    const rows = { stored, decisions: decisionsOn.get(id) ?? [], execution: executionOf.get(id) ?? null };
    return planRowProblems(rows, toldOf.get(id) ?? []);
  });
  return [...decisions.problems, ...executions.problems, ...disagreements];
}

/** The rows that are what this version can have written, and what is wrong with the others. */
function readable<Row, Value>(rows: readonly Row[], read: (row: Row) => Value) {
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

/** What cannot be parsed stays text, which the chain then calls unreadable. */
function unparsedEntry(row: AuditEntryRow): unknown {
  return { ...plainEntry(row), actor: parsedOrText(row.actor), outcome: parsedOrText(row.outcome) };
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
