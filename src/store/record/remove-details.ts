import { type Kysely, type RawBuilder, sql } from 'kysely';
import { saltedHash } from '../../hash/canonical-hash.ts';
import { Plan } from '../../model/plan/plan.ts';
import type { Act } from '../../model/record/audit.ts';
import type { DetailsWanted } from '../../model/record/erasable.ts';
import type { Details } from '../../workflow/ports/record.ts';
import { listed, textAt } from '../tables/json-columns.ts';
import { readRow, toJson } from '../tables/rows.ts';
import type { Tables } from '../tables/tables.ts';
import {
  freeAlerts,
  isPerson,
  mentions,
  noticesAbout,
  oldAlerts,
  oldNotices,
  untoldAlerts,
  WAITING,
} from './details.ts';

type Db = Kysely<Tables>;

/**
 * Removes details. The newest entry says so: otherwise the database refuses. Entries, plans and executions stay, and with them
 * the chain.
 */
export async function removeDetails(db: Db, wanted: DetailsWanted, { removed, incidents }: Details): Promise<void> {
  const among = listed(db, incidents);
  await forgetDecisions(db, removed.values);
  if (wanted.kind !== 'ended-before') await forgetRequesters(db, wanted, among);
  for (const [field, sequences] of Object.entries(removed.values)) {
    await sql`DELETE FROM entry_values WHERE field = ${field} AND sequence IN ${listed(db, sequences)}`.execute(db);
  }
  await sql`DELETE FROM diagnoses WHERE sequence IN ${listed(db, removed.diagnoses)}`.execute(db);
  await sql`UPDATE messages SET body = NULL WHERE NOT (${WAITING}) AND (${messagesOf(db, wanted, among)})`.execute(db);
  if (wanted.kind !== 'incident') {
    const ofThese =
      wanted.kind === 'person'
        ? isPerson(db, sql`source`, wanted.person, ['by'])
        : sql`ended_at < ${wanted.at.toISOString()}`;
    await sql`DELETE FROM mutes WHERE ended_at IS NOT NULL AND ${ofThese}`.execute(db);
  }
  if (wanted.kind !== 'person') await forgetAlerts(db, wanted, among);
}

const DECIDING: readonly Act[] = ['plan-endorsed', 'plan-approved', 'plan-rejected'];

/** Decisions are rows of their own: as their entries, they keep only a digest of who decided. */
async function forgetDecisions(db: Db, { actor = [], reason = [] }: Details['removed']['values']): Promise<void> {
  const ofEntry = sql`FROM audit_entries AS entry JOIN entry_values AS who ON who.sequence = entry.sequence AND who.field = 'actor'
    WHERE decisions.plan_id = entry.plan_id AND decisions.at = entry.at AND decisions.by = who.value
      AND entry.act IN (${sql.join(DECIDING)}) AND (entry.act = 'plan-rejected') = (decisions.verdict = 'rejected')`;
  await sql`UPDATE decisions SET reason = NULL ${ofEntry} AND entry.sequence IN ${listed(db, reason)}`.execute(db);
  const { digest, erased } = erasedActor(db, sql`entry.actor`);
  await sql`UPDATE decisions SET signature = NULL, person = 'erased ' || ${digest}, by = ${erased}
    ${ofEntry} AND entry.sequence IN ${listed(db, actor)}`.execute(db);
}

/** What an actor whose entry keeps only a digest is written as. Both of its texts are letters, digits, ":" and "-". */
function erasedActor(db: Db, chained: RawBuilder<unknown>) {
  const digest = textAt(db, chained, ['digest']);
  const erased = sql`'{"digest":"' || ${digest} || '","kind":"erased","was":"' || ${textAt(db, chained, ['kind'])} || '"}'`;
  return { digest, erased };
}

async function forgetRequesters(
  db: Db,
  wanted: Extract<DetailsWanted, { kind: 'incident' | 'person' }>,
  incidents: RawBuilder<unknown>,
): Promise<void> {
  const isMeant = (column: RawBuilder<unknown>, path: readonly string[] = []) =>
    wanted.kind === 'person'
      ? isPerson(db, column, wanted.person, path)
      : sql`${textAt(db, column, [...path, 'user'])} IS NOT NULL`;
  await sql`UPDATE incidents SET opened_by = ${erasedActor(db, sql`actor`).erased}
    FROM audit_entries WHERE incident_id = id AND act = 'incident-opened' AND id IN ${incidents}
      AND ${isMeant(sql`opened_by`)}`.execute(db);
  const plans = await sql<{ id: string; body: string }>`SELECT id, body FROM plans
    WHERE incident_id IN ${incidents} AND ${isMeant(sql`body`, ['requestedBy'])}`.execute(db);
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

function messagesOf(db: Db, wanted: DetailsWanted, incidents: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (wanted.kind) {
    case 'incident':
      return sql`incident_id IN ${incidents} OR ${noticesAbout(db, incidents)}`;
    case 'person':
      return mentions(db, wanted.person);
    case 'ended-before':
      return sql`incident_id IN ${incidents} OR ${oldNotices(wanted.at.toISOString())}`;
  }
}

/** An alert that joined another incident stays until that one is erased too, and one that a mute still has to tell of until the mute has ended. */
async function forgetAlerts(
  db: Db,
  wanted: Exclude<DetailsWanted, { kind: 'person' }>,
  incidents: RawBuilder<unknown>,
): Promise<void> {
  const joined = await idsIn(db, sql`SELECT alert_id AS id FROM incident_alerts WHERE incident_id IN ${incidents}`);
  // After the mute the incident can be erased again, if it still has the alert.
  const kept = wanted.kind === 'incident' ? untoldAlerts() : sql`(SELECT 0)`;
  await sql`DELETE FROM incident_alerts WHERE incident_id IN ${incidents} AND alert_id NOT IN ${kept}`.execute(db);
  const isOld = wanted.kind === 'ended-before' ? oldAlerts(wanted.at.toISOString()) : sql`false`;
  const gone = await idsIn(db, sql`SELECT id FROM alerts WHERE (id IN ${joined} OR ${isOld}) AND ${freeAlerts()}`);
  await sql`DELETE FROM muted_faults WHERE alert_id IN ${gone}`.execute(db);
  await sql`DELETE FROM alerts WHERE id IN ${gone}`.execute(db);
}

async function idsIn(db: Db, query: RawBuilder<unknown>): Promise<RawBuilder<number>> {
  const { rows } = await sql<{ id: number }>`${query}`.execute(db);
  return listed(
    db,
    rows.map(({ id }) => id),
  );
}
