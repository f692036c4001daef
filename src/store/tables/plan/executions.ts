import type { Kysely, Selectable } from 'kysely';
import { compiled } from '../../../model/compiled.ts';
import { Execution } from '../../../model/plan/execution.ts';
import type { PlanId } from '../../../model/record/ids.ts';
import { readRow, toJson } from '../rows.ts';
import type { Tables } from '../tables.ts';

const ExecutionRow = compiled(Execution);

/** Records the intent to execute a plan. Rejects if the plan has an execution already, of whatever process. */
export async function insertExecution(db: Kysely<Tables>, execution: Execution): Promise<void> {
  await db
    .insertInto('executions')
    .values({
      plan_id: execution.planId,
      intended_at: execution.intendedAt,
      finished_at: execution.finishedAt,
      outcome: outcomeColumn(execution),
    })
    .execute();
}

export async function executionOf(db: Kysely<Tables>, planId: PlanId): Promise<Execution | null> {
  const row = await db.selectFrom('executions').selectAll().where('plan_id', '=', planId).executeTakeFirst();
  return row === undefined ? null : toExecution(row);
}

export function toExecution(row: Selectable<Tables['executions']>): Execution {
  return readRow({ table: 'executions', key: row.plan_id }, ExecutionRow(), () => ({
    planId: row.plan_id,
    intendedAt: row.intended_at,
    finishedAt: row.finished_at,
    outcome: row.outcome === null ? null : JSON.parse(row.outcome),
  }));
}

export async function finishExecution(db: Kysely<Tables>, execution: Execution): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('executions')
    .set({ finished_at: execution.finishedAt, outcome: outcomeColumn(execution) })
    .where('plan_id', '=', execution.planId)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`plan ${execution.planId} has no execution that could still finish`);
}

function outcomeColumn({ outcome }: Execution): string | null {
  return outcome === null ? null : toJson(outcome);
}
