import type { Kysely, Selectable } from 'kysely';
import { Decision } from '../../model/plan/decision.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { PlanId } from '../../model/record/ids.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

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
  return readRow({ table: 'decisions', key: row.plan_id }, Decision, () => ({
    planId: row.plan_id,
    planHash: row.plan_hash,
    verdict: row.verdict,
    by: JSON.parse(row.by),
    reason: row.reason,
    at: row.at,
    ...(row.signature === null ? {} : { signature: row.signature }),
  }));
}

/**
 * The person for the rule that no one decides twice. The user id is enough: an enterprise shows one user under several
 * teams.
 */
function personOf(by: Actor): string {
  switch (by.kind) {
    case 'slack-user':
      return by.user;
    case 'terminal':
      return `terminal ${by.user}`;
    case 'signal':
      return `signal ${by.signal}`;
    case 'alert':
      return `alert ${by.source}`;
    case 'bot':
      return `bot ${by.part}`;
    case 'erased':
      return `erased ${by.digest}`;
  }
}
