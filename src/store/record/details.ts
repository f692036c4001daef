import { type Kysely, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { type DetailsWanted, Removed } from '../../model/record/erasable.ts';
import { HostName, IncidentId } from '../../model/record/ids.ts';
import type { Details } from '../../workflow/ports/record.ts';
import { contains, listed, listHas, textAt } from '../tables/json-columns.ts';
import type { Tables } from '../tables/tables.ts';

/** How many ended incidents are looked at in one transaction. */
const INCIDENTS_AT_ONCE = 100;

/** Of a message: Slack does not show its newest version yet. */
export const WAITING = sql<boolean>`version > delivered_version AND version > gave_up_version`;

/** What can be removed, and what has to end before. */
export async function detailsOf(db: Kysely<Tables>, wanted: DetailsWanted): Promise<Details> {
  const incidents = await incidentsOf(db, wanted);
  const among = listed(db, incidents);
  return {
    removed: Removed.parse({
      values: await valuesIn(db, wanted, among),
      diagnoses: await diagnosesIn(db, wanted, among),
    }),
    incidents,
    kept: await keptWith(db, among),
    apart: await apartFrom(db, wanted),
    unfinished: z.array(IncidentId).parse(
      await column(
        db,
        sql`SELECT id AS found FROM incidents WHERE id IN ${among} AND (state NOT IN ('resolved', 'closed')
          OR EXISTS (SELECT 1 FROM messages WHERE incident_id = incidents.id AND ${WAITING})
          OR id IN (SELECT ${incidentOfNotice(db)} FROM messages WHERE kind = 'incident-elsewhere' AND ${WAITING})) ORDER BY id`,
      ),
    ),
    waiting: wanted.kind === 'person' ? await noticesFor(db, wanted.person, WAITING) : 0,
    muted: z.array(HostName).parse(wanted.kind === 'person' ? await mutedBy(db, wanted.person) : []),
  };
}

async function column(db: Kysely<Tables>, query: RawBuilder<unknown>): Promise<readonly unknown[]> {
  const { rows } = await sql<{ found: unknown }>`${query}`.execute(db);
  return rows.map(({ found }) => found);
}

async function valuesIn(db: Kysely<Tables>, wanted: DetailsWanted, incidents: RawBuilder<unknown>) {
  const { rows } = await sql<{ field: string; sequence: number }>`SELECT field, sequence
    FROM entry_values JOIN audit_entries USING (sequence)
    WHERE ${valuesOf(db, wanted, incidents)} ORDER BY sequence`.execute(db);
  const byField = Map.groupBy(rows, ({ field }) => field);
  return Object.fromEntries([...byField].map(([field, found]) => [field, found.map(({ sequence }) => sequence)]));
}

async function diagnosesIn(db: Kysely<Tables>, { kind }: DetailsWanted, incidents: RawBuilder<unknown>) {
  if (kind === 'person') return [];
  return column(db, sql`SELECT sequence AS found FROM diagnoses WHERE incident_id IN ${incidents} ORDER BY sequence`);
}

function mutedBy(db: Kysely<Tables>, person: string) {
  const isTheirs = isPerson(db, sql`source`, person, ['by']);
  return column(db, sql`SELECT host AS found FROM mutes WHERE ended_at IS NULL AND ${isTheirs} ORDER BY id`);
}

async function incidentsOf(db: Kysely<Tables>, wanted: DetailsWanted): Promise<readonly IncidentId[]> {
  const most = wanted.kind === 'ended-before' ? INCIDENTS_AT_ONCE : Number.MAX_SAFE_INTEGER;
  return z
    .array(IncidentId)
    .parse(
      await column(db, sql`SELECT id AS found FROM incidents WHERE ${among(db, wanted)} ORDER BY id LIMIT ${most}`),
    );
}

function among(db: Kysely<Tables>, wanted: DetailsWanted): RawBuilder<unknown> {
  switch (wanted.kind) {
    case 'incident':
      return sql`id = ${wanted.id}`;
    case 'person': {
      const { person } = wanted;
      return sql`${isPerson(db, sql`opened_by`, person)}
        OR id IN (SELECT incident_id FROM audit_entries JOIN entry_values USING (sequence) WHERE ${names(db, person)})
        OR id IN (SELECT incident_id FROM plans WHERE ${isPerson(db, sql`body`, person, ['requestedBy'])})
        OR id IN (SELECT incident_id FROM messages WHERE ${mentions(db, person)})`;
    }
    case 'ended-before':
      return sql`state IN ('resolved', 'closed') AND closed_at < ${wanted.at.toISOString()}
        AND NOT EXISTS (SELECT 1 FROM messages WHERE incident_id = incidents.id AND ${WAITING})
        AND (EXISTS (SELECT 1 FROM messages WHERE incident_id = incidents.id AND body IS NOT NULL)
          OR EXISTS (SELECT 1 FROM diagnoses WHERE incident_id = incidents.id))`;
  }
}

/** How many messages and alerts the incidents have. */
async function keptWith(db: Kysely<Tables>, incidents: RawBuilder<unknown>): Promise<number> {
  const [found] = await column(
    db,
    sql`SELECT (SELECT count(*) FROM messages WHERE body IS NOT NULL
        AND (incident_id IN ${incidents} OR ${noticesAbout(db, incidents)}))
      + (SELECT count(*) FROM incident_alerts WHERE incident_id IN ${incidents}) AS found`,
  );
  return Number(found);
}

/** How many are meant, though no incident has them. */
async function apartFrom(db: Kysely<Tables>, wanted: DetailsWanted): Promise<number> {
  if (wanted.kind === 'person') return noticesFor(db, wanted.person, sql`NOT (${WAITING})`);
  if (wanted.kind === 'incident') return 0;
  const before = wanted.at.toISOString();
  const [found] = await column(
    db,
    sql`SELECT (SELECT count(*) FROM messages WHERE body IS NOT NULL AND NOT (${WAITING}) AND ${oldNotices(before)})
      + (SELECT count(*) FROM alerts WHERE ${oldAlerts(before)} AND ${freeAlerts()}) AS found`,
  );
  return Number(found);
}

/** How many messages of no incident mention the person. */
async function noticesFor(db: Kysely<Tables>, person: string, which: RawBuilder<unknown>): Promise<number> {
  const query = sql`SELECT count(*) AS found FROM messages WHERE incident_id IS NULL AND ${mentions(db, person)} AND ${which}`;
  const [found] = await column(db, query);
  return Number(found);
}

/** Of a message: another channel was told of one of these incidents by it. */
export function noticesAbout(db: Kysely<Tables>, incidents: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(kind = 'incident-elsewhere' AND ${incidentOfNotice(db)} IN ${incidents})`;
}

function incidentOfNotice(db: Kysely<Tables>): RawBuilder<unknown> {
  return sql`CAST(${textAt(db, sql`body`, ['incidentId'])} AS INTEGER)`;
}

/** Of a message. */
export function oldNotices(before: string): RawBuilder<unknown> {
  return sql`(incident_id IS NULL AND waiting_since < ${before})`;
}

/** Of an alert. */
export function oldAlerts(before: string): RawBuilder<unknown> {
  return sql`(received_at < ${before})`;
}

/** Of an alert: it was taken up, no incident has it, and no one is still to be told of it when a mute ends. */
export function freeAlerts(): RawBuilder<unknown> {
  return sql`(taken_up_at IS NOT NULL
    AND id NOT IN (SELECT alert_id FROM incident_alerts)
    AND id NOT IN ${untoldAlerts()})`;
}

/** The alerts that are told when a mute ends. */
export function untoldAlerts(): RawBuilder<unknown> {
  return sql`(SELECT alert_id FROM muted_faults WHERE alert_id IS NOT NULL AND told_at IS NULL)`;
}

function valuesOf(db: Kysely<Tables>, wanted: DetailsWanted, incidents: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (wanted.kind) {
    case 'incident':
      return sql`incident_id IN ${incidents}`;
    case 'person': {
      const { person } = wanted;
      return sql`(field IN ('called', 'refused') AND ${names(db, person)}) OR EXISTS (SELECT 1 FROM entry_values AS own
        WHERE own.sequence = entry_values.sequence AND own.field = 'actor' AND ${isPerson(db, sql`own.value`, person)})`;
    }
    case 'ended-before':
      return sql`field IN ('reason', 'alert') AND (incident_id IN ${incidents}
        OR (incident_id IS NULL AND at < ${wanted.at.toISOString()}))`;
  }
}

/** Of a value of an entry: it is the person, or one of those who were called, or the holder of a key that was refused. */
function names(db: Kysely<Tables>, person: string): RawBuilder<unknown> {
  const value = sql`entry_values.value`;
  return sql`CASE field WHEN 'actor' THEN ${isPerson(db, value, person)}
    WHEN 'called' THEN ${listHas(db, value, person)}
    WHEN 'refused' THEN coalesce(${textAt(db, value, ['principal'])} = ${person}, false) ELSE false END`;
}

/** Of an actor in JSON, at this path: it is the person, by Slack's id, by the name at a terminal, or by the name of a break-glass key. */
export function isPerson(
  db: Kysely<Tables>,
  column: RawBuilder<unknown>,
  person: string,
  path: readonly string[] = [],
): RawBuilder<unknown> {
  const user = textAt(db, column, [...path, 'user']);
  return sql`coalesce(${person} IN (${user}, ${textAt(db, column, [...path, 'breakGlass', 'principal'])}), false)`;
}

const SLACK_ID = /^[UW][A-Z0-9]{5,}$/;

/** Of a message: it has the person's Slack id anywhere, or the name on its own. */
export function mentions(db: Kysely<Tables>, person: string): RawBuilder<unknown> {
  return sql`coalesce(${contains(db, sql`body`, SLACK_ID.test(person) ? person : JSON.stringify(person))}, false)`;
}
