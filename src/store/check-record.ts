import type { Kysely, Selectable } from 'kysely';
import type { RecordCheck, RecordProblem } from '../model/record.ts';
import { RecordMark } from '../model/thread-message.ts';
import { isSealIntact } from '../workflow/plan-seal.ts';
import { verifyChain } from './audit-chain.ts';
import { auditHead, endProblem, plainEntry } from './audit-entries.ts';
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
  const plans = await db.selectFrom('plans').selectAll().orderBy('incident_id').orderBy('number').execute();
  const hashes = new Map(plans.map((plan) => [plan.id, plan.hash]));
  const problems = plans.map(planProblem).filter((candidate) => candidate !== null);
  for (const { sequence, plan_id: planId, plan_hash: planHash } of entries) {
    if (planId === null || planHash === hashes.get(planId)) continue;
    if (problems.some((problem) => 'planId' in problem && problem.planId === planId)) continue;
    problems.push(hashes.has(planId) ? { kind: 'plan-changed', planId } : { kind: 'plan-missing', planId, sequence });
  }
  return problems;
}

function planProblem(row: Selectable<Tables['plans']>): RecordProblem | null {
  try {
    return isSealIntact(toStoredPlan(row).plan) ? null : { kind: 'plan-changed', planId: row.id };
  } catch (error) {
    if (error instanceof RecordDamaged) return error.problem;
    throw error;
  }
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
