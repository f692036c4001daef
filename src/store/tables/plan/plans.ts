import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { compiled } from '../../../model/compiled.ts';
import { Plan, PlanState, type StoredPlan } from '../../../model/plan/plan.ts';
import { type HostName, type IncidentId, PlanId } from '../../../model/record/ids.ts';
import { RecordDamaged } from '../../store-unavailable.ts';
import { readRow, toJson } from '../rows.ts';
import type { Tables } from '../tables.ts';

const StoredPlanRow = compiled(z.strictObject({ plan: Plan, state: PlanState }));

export async function nextPlanId(db: Kysely<Tables>, incidentId: IncidentId): Promise<PlanId> {
  const { last } = await db
    .selectFrom('plans')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('incident_id', '=', incidentId)
    .executeTakeFirstOrThrow();
  return PlanId.parse(`${incidentId}-${(last ?? 0) + 1}`);
}

export async function insertPlan(db: Kysely<Tables>, plan: Plan): Promise<void> {
  const [incident, number] = plan.id.split('-').map(Number);
  if (incident !== plan.incidentId || number === undefined) {
    throw new Error(`plan ${plan.id} is not a plan of incident ${plan.incidentId}`);
  }
  await db
    .insertInto('plans')
    .values({
      id: plan.id,
      incident_id: plan.incidentId,
      number,
      host: plan.host,
      body: toJson(plan),
      hash: plan.hash,
      state: 'proposed' satisfies PlanState,
    })
    .execute();
}

export async function planById(db: Kysely<Tables>, id: PlanId): Promise<StoredPlan | null> {
  const row = await db.selectFrom('plans').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toStoredPlan(row) : null;
}

export async function plansIn(
  db: Kysely<Tables>,
  states: readonly PlanState[],
  host?: HostName,
): Promise<readonly StoredPlan[]> {
  const rows = await db
    .selectFrom('plans')
    .selectAll()
    .where('state', 'in', states)
    .$if(host !== undefined, (query) => query.where('host', '=', host ?? ''))
    .orderBy('incident_id')
    .orderBy('number')
    .execute();
  return rows.map(toStoredPlan);
}

/** The approved and executing plans: the executing one first, then in the order in which they were approved. */
export async function executionQueue(db: Kysely<Tables>, host?: HostName): Promise<readonly StoredPlan[]> {
  const rows = await db
    .selectFrom('plans')
    .innerJoin('executions', 'executions.plan_id', 'plans.id')
    .selectAll('plans')
    .where('plans.state', 'in', ['approved', 'executing'] satisfies PlanState[])
    .$if(host !== undefined, (query) => query.where('plans.host', '=', host ?? ''))
    .orderBy('plans.state', 'desc')
    .orderBy('executions.intended_at')
    .orderBy('plans.incident_id')
    .orderBy('plans.number')
    .execute();
  return rows.map(toStoredPlan);
}

export async function plansOf(db: Kysely<Tables>, incidentId: IncidentId): Promise<readonly StoredPlan[]> {
  const rows = await db
    .selectFrom('plans')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('number')
    .execute();
  return rows.map(toStoredPlan);
}

export async function movePlan(db: Kysely<Tables>, id: PlanId, from: PlanState, to: PlanState): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('plans')
    .set({ state: to })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** @throws RecordDamaged also when the columns, by which plans are found, differ from the sealed body. */
export function toStoredPlan(row: Selectable<Tables['plans']>): StoredPlan {
  const stored = readRow({ table: 'plans', key: row.id }, StoredPlanRow(), () => ({
    plan: JSON.parse(row.body),
    state: row.state,
  }));
  const { plan } = stored;
  const agrees =
    plan.id === row.id &&
    plan.incidentId === row.incident_id &&
    plan.host === row.host &&
    plan.hash === row.hash &&
    plan.id === `${row.incident_id}-${row.number}`;
  if (agrees) return stored;
  const why = { code: 'columns-disagree' } as const;
  throw new RecordDamaged({ kind: 'unreadable', table: 'plans', key: String(row.id), why });
}
