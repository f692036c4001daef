import type { Kysely } from 'kysely';
import { Decision } from '../model/decision.ts';
import type { PlanId } from '../model/ids.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

export async function insertDecision(db: Kysely<Tables>, decision: Decision): Promise<void> {
  await db
    .insertInto('decisions')
    .values({
      plan_id: decision.planId,
      verdict: decision.verdict,
      by: toJson(decision.by),
      reason: decision.reason,
      at: decision.at,
    })
    .execute();
}

export async function decisionOn(db: Kysely<Tables>, planId: PlanId): Promise<Decision | null> {
  const row = await db.selectFrom('decisions').selectAll().where('plan_id', '=', planId).executeTakeFirst();
  if (row === undefined) return null;
  return readRow({ table: 'decisions', key: row.plan_id }, Decision, () => ({
    planId: row.plan_id,
    verdict: row.verdict,
    by: JSON.parse(row.by),
    reason: row.reason,
    at: row.at,
  }));
}
