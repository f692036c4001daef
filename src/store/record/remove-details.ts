import { type Kysely, type RawBuilder, sql } from 'kysely';
import { saltedHash } from '../../hash/canonical-hash.ts';
import { Plan } from '../../model/plan/plan.ts';
import type { DetailsWanted } from '../../model/record/erasable.ts';
import type { Details } from '../../workflow/ports.ts';
import { readRow, toJson } from '../tables/rows.ts';
import type { Tables } from '../tables/tables.ts';
import { freeAlerts, isPerson, mentions, oldAlerts, oldNotices, WAITING } from './details.ts';

type Db = Kysely<Tables>;

/**
 * Removes details. The newest entry says so: otherwise the database refuses. Entries, plans and executions stay, and with them
 * the chain.
 */
export async function removeDetails(db: Db, wanted: DetailsWanted, { removed, incidents }: Details): Promise<void> {
  const among = list(incidents);
  await forgetDecisions(db, removed.values);
  if (wanted.kind !== 'ended-before') await forgetRequesters(db, wanted, among);
  for (const [field, sequences] of Object.entries(removed.values)) {
    await sql`DELETE FROM entry_values WHERE field = ${field} AND sequence IN ${list(sequences)}`.execute(db);
  }
  await sql`DELETE FROM diagnoses WHERE sequence IN ${list(removed.diagnoses)}`.execute(db);
  await sql`UPDATE messages SET body = NULL WHERE NOT (${WAITING}) AND (${messagesOf(wanted, among)})`.execute(db);
  if (wanted.kind !== 'incident') {
    const ofThese =
      wanted.kind === 'person'
        ? isPerson(sql`source -> '$.by'`, wanted.person)
        : sql`ended_at < ${wanted.at.toISOString()}`;
    await sql`DELETE FROM mutes WHERE ended_at IS NOT NULL AND ${ofThese}`.execute(db);
  }
  if (wanted.kind !== 'person') await forgetAlerts(db, wanted, among);
}

/** Decisions are rows of their own: as their entries, they keep only a digest of who decided. */
async function forgetDecisions(db: Db, { actor = [], reason = [] }: Details['removed']['values']): Promise<void> {
  const ofEntry = sql`FROM audit_entries AS entry JOIN entry_values AS who ON who.sequence = entry.sequence AND who.field = 'actor'
    WHERE decisions.plan_id = entry.plan_id AND decisions.at = entry.at AND decisions.by = who.value`;
  await sql`UPDATE decisions SET reason = NULL ${ofEntry} AND entry.sequence IN ${list(reason)}`.execute(db);
  await sql`UPDATE decisions SET signature = NULL, person = 'erased ' || (entry.actor ->> '$.digest'),
    by = json_object('digest', entry.actor ->> '$.digest', 'kind', 'erased', 'was', entry.actor ->> '$.kind')
    ${ofEntry} AND entry.sequence IN ${list(actor)}`.execute(db);
}

async function forgetRequesters(
  db: Db,
  wanted: Extract<DetailsWanted, { kind: 'incident' | 'person' }>,
  incidents: RawBuilder<unknown>,
): Promise<void> {
  const isMeant = (actor: RawBuilder<unknown>) =>
    wanted.kind === 'person' ? isPerson(actor, wanted.person) : sql`${actor} ->> '$.user' IS NOT NULL`;
  await sql`UPDATE incidents
    SET opened_by = json_object('digest', actor ->> '$.digest', 'kind', 'erased', 'was', actor ->> '$.kind')
    FROM audit_entries WHERE incident_id = id AND act = 'incident-opened' AND id IN ${incidents}
      AND ${isMeant(sql`opened_by`)}`.execute(db);
  const plans = await sql<{ id: string; body: string }>`SELECT id, body FROM plans
    WHERE incident_id IN ${incidents} AND ${isMeant(sql`body -> '$.requestedBy'`)}`.execute(db);
  for (const { id, body } of plans.rows) {
    const plan = readRow({ table: 'plans', key: id }, Plan, () => JSON.parse(body));
    await db
      .updateTable('plans')
      .set({ body: toJson(withoutRequester(plan)) })
      .where('id', '=', id)
      .execute();
  }
}

function withoutRequester({ requesterSalt, requestedBy, ...rest }: Plan): Plan {
  const { kind } = requestedBy;
  if (requesterSalt === undefined || (kind !== 'slack-user' && kind !== 'terminal')) {
    return { ...rest, requestedBy, ...(requesterSalt !== undefined && { requesterSalt }) };
  }
  return { ...rest, requestedBy: { kind: 'erased', was: kind, digest: saltedHash(requesterSalt, requestedBy) } };
}

function messagesOf(wanted: DetailsWanted, incidents: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (wanted.kind) {
    case 'incident':
      return sql`incident_id IN ${incidents}`;
    case 'person':
      return mentions(wanted.person);
    case 'ended-before':
      return sql`incident_id IN ${incidents} OR ${oldNotices(wanted.at.toISOString())}`;
  }
}

/** Alerts are in no entry. One that joined another incident, or that a muted host waits for, stays. */
async function forgetAlerts(
  db: Db,
  wanted: Exclude<DetailsWanted, { kind: 'person' }>,
  incidents: RawBuilder<unknown>,
): Promise<void> {
  const ofThese = sql`id IN (SELECT alert_id FROM incident_alerts WHERE incident_id IN ${incidents})`;
  const isOld = wanted.kind === 'ended-before' ? oldAlerts(wanted.at.toISOString()) : sql`false`;
  const { rows } = await sql<{ id: number }>`SELECT id FROM alerts
    WHERE (${ofThese} OR ${isOld}) AND ${freeAlerts(incidents)}`.execute(db);
  const gone = list(rows.map(({ id }) => id));
  await sql`DELETE FROM incident_alerts WHERE alert_id IN ${gone}`.execute(db);
  await sql`DELETE FROM alerts WHERE id IN ${gone}`.execute(db);
}

function list(values: readonly number[]): RawBuilder<unknown> {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}
