import type { NoteKey } from '../hash/signed-note.ts';
import type { Decision } from '../model/plan/decision.ts';
import type { Execution } from '../model/plan/execution.ts';
import type { StoredPlan } from '../model/plan/plan.ts';
import { AuditEntry } from '../model/record/audit.ts';
import type { SignedCheckpoint } from '../model/record/checkpoint.ts';
import type { HeldPlans } from '../model/record/held-plans.ts';
import type { PlanId } from '../model/record/ids.ts';
import type { RecordCheck, RecordProblem } from '../model/record/record.ts';
import { EntryMark } from '../model/record/thread-message.ts';
import { bodyProblems, type KeptBody } from './bodies.ts';
import { verifyChain } from './chain.ts';
import { checkpointProblems, type KeptCheckpoint } from './check-checkpoints.ts';
import { heldCheckpoints, heldPlanProblems } from './held-plans.ts';
import { planRowProblems } from './plan-rows.ts';
import { isSealIntact } from './plan-seal.ts';
import { endProblem, type Mark, messageProblems, type ShownMark } from './witnesses.ts';

/** The rows of one table that could be read, and a problem for each row that could not. */
export type Readable<Value> = { readonly values: readonly Value[]; readonly problems: readonly RecordProblem[] };

/** An entry as the database has it. It might have been tampered with, so nothing in it is trusted. */
export type RawEntry = Mark & { readonly planId: string | null; readonly planHash: string | null } & Readonly<
    Record<string, unknown>
  >;

/** What the record is verified by besides itself. */
export type VerifiedBy = {
  /** One of these must have signed each checkpoint. None: signatures are not checked. */
  readonly keys: readonly NoteKey[];
  /** Checkpoints that others kept. */
  readonly kept: readonly KeptCheckpoint[];
  /** What hosts hold of the plans that ran there. */
  readonly held: readonly HeldPlans[];
};

/** The whole record, as read from the database. */
export type RecordRows = {
  /** In the order of their numbers. */
  readonly entries: readonly RawEntry[];
  readonly head: Mark | null;
  readonly checkpoints: readonly SignedCheckpoint[];
  readonly told: readonly ShownMark[];
  /** The plan hashes as in their own column, so also of plans whose content cannot be read. */
  readonly planHashes: ReadonlyMap<string, string>;
  readonly plans: Readable<StoredPlan>;
  readonly decisions: Readable<Decision>;
  readonly executions: Readable<Execution>;
  readonly diagnoses: Readable<KeptBody>;
  readonly verifications: Readable<KeptBody>;
};

/**
 * Checks the whole record. The chain shows which entries were changed, removed or moved. That its end was cut off, or
 * that it was rewritten with new hashes, is shown by what else holds hashes of entries: the head row, the posted
 * messages, the plans, the rows of diagnoses and verifications, and the checkpoints.
 */
export function checkRecord(rows: RecordRows, { keys, kept, held }: VerifiedBy = NOTHING_ELSE): RecordCheck {
  const { entries, head, told } = rows;
  const last = entries.at(-1) ?? null;
  const [problem, ...more] = [
    ...[verifyChain(entries), endProblem(last, head)].filter((one) => one !== null),
    ...messageProblems(entries, head, told),
    ...checkpointProblems(entries, [...inRecord(rows), ...kept, ...held.flatMap(heldCheckpoints)], keys),
    ...planProblems(rows),
    ...rowProblems(rows, held),
  ];
  if (problem) return { kind: 'broken', entries: entries.length, problems: [problem, ...more] };
  const checkpointed = rows.checkpoints.at(-1)?.size ?? 0;
  return { kind: 'intact', entries: entries.length, last: last && EntryMark.strip().parse(last), checkpointed };
}

/** The record alone: its checkpoints are compared, and no signature is checked. */
const NOTHING_ELSE: VerifiedBy = { keys: [], kept: [], held: [] };

function inRecord({ checkpoints }: RecordRows): readonly KeptCheckpoint[] {
  return checkpoints.map(({ note }) => ({ note, source: { kind: 'record' } }));
}

/**
 * Finds plans that cannot be read, whose hash is not that of their content, or that differ from their audit entries.
 */
export function planProblems({
  entries,
  plans,
  planHashes,
}: Pick<RecordRows, 'entries' | 'plans' | 'planHashes'>): readonly RecordProblem[] {
  const resealed = plans.values.filter(({ plan }) => !isSealIntact(plan)).map(({ plan }) => changed(plan.id));
  const problems: RecordProblem[] = [...plans.problems, ...resealed];
  for (const { sequence, planId, planHash } of entries) {
    if (planId === null || planHash === planHashes.get(planId)) continue;
    if (problems.some((problem) => 'planId' in problem && problem.planId === planId)) continue;
    problems.push(planHashes.has(planId) ? changed(planId) : { kind: 'plan-missing', planId, sequence });
  }
  return problems;
}

function changed(planId: string): RecordProblem {
  return { kind: 'plan-changed', planId };
}

/** Finds rows that differ from the audit entries. Unreadable entries are skipped here: the chain check reports them. */
function rowProblems(
  { entries, plans, decisions, executions, ...bodies }: RecordRows,
  held: readonly HeldPlans[],
): readonly RecordProblem[] {
  const readable = entries.flatMap((entry) => AuditEntry.safeParse(entry).data ?? []);
  const decisionsOn = Map.groupBy(decisions.values, ({ planId }) => planId);
  const executionOf = new Map(executions.values.map((execution) => [execution.planId, execution]));
  const entriesOn = Map.groupBy(readable, ({ planId }): PlanId | null => planId);
  const disagreements = plans.values.flatMap((stored) => {
    const { id } = stored.plan;
    const rows = { stored, decisions: decisionsOn.get(id) ?? [], execution: executionOf.get(id) ?? null };
    return planRowProblems(rows, entriesOn.get(id) ?? []);
  });
  return [
    ...decisions.problems,
    ...executions.problems,
    ...disagreements,
    ...bodies.diagnoses.problems,
    ...bodies.verifications.problems,
    ...bodyProblems('diagnosis', bodies.diagnoses.values, readable),
    ...bodyProblems('verification', bodies.verifications.values, readable),
    ...held.flatMap((one) => heldPlanProblems({ entries: readable, plans: plans.values }, one)),
  ];
}
