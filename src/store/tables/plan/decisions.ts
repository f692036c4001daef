import type { Kysely, Selectable } from 'kysely';
import { compiled } from '../../../model/compiled.ts';
import { Decision } from '../../../model/plan/decision.ts';
import type { PlanId } from '../../../model/record/ids.ts';
import { type KeptDecision, personOf } from '../../../record/decisions.ts';
import { readRow, toJson } from '../rows.ts';
import type { Tables } from '../tables.ts';

const DecisionRow = compiled(Decision);

/** The primary key has plan, person and verdict. The same approval a second time fails, whichever process tries it. */
export async function insertDecision(db: Kysely<Tables>, decision: Decision): Promise<void> {
  await db
    .insertInto('decisions')
    .values({
      plan_id: decision.planId,
      person: personOf(decision.by),
      verdict: decision.verdict,
      plan_hash: decision.planHash,
      by: toJson(decision.by),
      reason: decision.reason,
      at: decision.at,
      signature: decision.signature ?? null,
    })
    .execute();
}

/** Reads the decisions on a plan, in the order in which they were made. */
export async function decisionsOn(db: Kysely<Tables>, planId: PlanId): Promise<readonly Decision[]> {
  const rows = await db
    .selectFrom('decisions')
    .selectAll()
    .where('plan_id', '=', planId)
    .orderBy('at')
    .orderBy('verdict')
    .orderBy('person')
    .execute();
  return rows.map(toDecision);
}

export function toDecision(row: Selectable<Tables['decisions']>): Decision {
  return readRow({ table: 'decisions', key: row.plan_id }, DecisionRow(), () => ({
    planId: row.plan_id,
    planHash: row.plan_hash,
    verdict: row.verdict,
    by: JSON.parse(row.by),
    reason: row.reason,
    at: row.at,
    ...(row.signature === null ? {} : { signature: row.signature }),
  }));
}

/** For the check of the record. */
export function toKeptDecision(row: Selectable<Tables['decisions']>): KeptDecision {
  return { ...toDecision(row), person: row.person };
}
