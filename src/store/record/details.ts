import { type Kysely, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { type DetailsWanted, Removed } from '../../model/record/erasable.ts';
import { HostName, IncidentId } from '../../model/record/ids.ts';
import type { Details } from '../../workflow/ports.ts';
import type { Tables } from '../tables/tables.ts';

/** How many ended incidents are looked at in one transaction. */
const INCIDENTS_AT_ONCE = 100;
/** SQLite's word for none (sqlite.org/lang_select.html). */
const NO_LIMIT = -1;

/** Of a message: Slack does not show its newest version yet. */
export const WAITING = sql<boolean>`version > delivered_version AND version > gave_up_version`;

const Found = z.strictObject({
  values: z.string(),
  diagnoses: z.string(),
  unfinished: z.string(),
  apart: z.number(),
  muted: z.string(),
});

/** What can be removed, and what has to end before. */
export async function detailsOf(db: Kysely<Tables>, wanted: DetailsWanted): Promise<Details> {
  const incidents = await incidentsOf(db, wanted);
  const among = sql`(SELECT value FROM json_each(${JSON.stringify(incidents)}))`;
  const found = await sql`SELECT
    (SELECT json_group_object(field, json(sequences)) FROM (
      SELECT field, json_group_array(sequence) AS sequences FROM (
        SELECT entry_values.* FROM entry_values JOIN audit_entries USING (sequence)
        WHERE ${valuesOf(wanted, among)} ORDER BY sequence)
      GROUP BY field)) AS "values",
    (SELECT json_group_array(sequence) FROM diagnoses
      WHERE ${wanted.kind === 'person' ? sql`false` : sql`true`} AND incident_id IN ${among}) AS diagnoses,
    (SELECT json_group_array(id) FROM incidents WHERE id IN ${among} AND (state NOT IN ('resolved', 'closed')
      OR EXISTS (SELECT 1 FROM messages WHERE incident_id = incidents.id AND ${WAITING}))) AS unfinished,
    ${apartFrom(wanted)} AS apart,
    (SELECT json_group_array(host) FROM mutes WHERE ended_at IS NULL
      AND ${wanted.kind === 'person' ? isPerson(sql`source -> '$.by'`, wanted.person) : sql`false`}) AS muted`.execute(
    db,
  );
  const { values, diagnoses, unfinished, apart, muted } = Found.parse(found.rows[0]);
  return {
    removed: Removed.parse({ values: JSON.parse(values), diagnoses: JSON.parse(diagnoses) }),
    incidents,
    apart,
    unfinished: z.array(IncidentId).parse(JSON.parse(unfinished)),
    muted: z.array(HostName).parse(JSON.parse(muted)),
  };
}

async function incidentsOf(db: Kysely<Tables>, wanted: DetailsWanted): Promise<readonly IncidentId[]> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM incidents WHERE ${among(wanted)}
    ORDER BY id LIMIT ${wanted.kind === 'ended-before' ? INCIDENTS_AT_ONCE : NO_LIMIT}`.execute(db);
  return rows.map(({ id }) => IncidentId.parse(id));
}

function among(wanted: DetailsWanted): RawBuilder<unknown> {
  switch (wanted.kind) {
    case 'incident':
      return sql`id = ${wanted.id}`;
    case 'person': {
      const { person } = wanted;
      return sql`${isPerson(sql`opened_by`, person)}
        OR id IN (SELECT incident_id FROM audit_entries JOIN entry_values USING (sequence) WHERE ${names(person)})
        OR id IN (SELECT incident_id FROM plans WHERE ${isPerson(sql`body -> '$.requestedBy'`, person)})
        OR id IN (SELECT incident_id FROM messages WHERE ${mentions(person)})`;
    }
    case 'ended-before':
      return sql`state IN ('resolved', 'closed') AND closed_at < ${wanted.at.toISOString()}
        AND NOT EXISTS (SELECT 1 FROM messages WHERE incident_id = incidents.id AND ${WAITING})
        AND (EXISTS (SELECT 1 FROM messages WHERE incident_id = incidents.id AND body IS NOT NULL)
          OR EXISTS (SELECT 1 FROM diagnoses WHERE incident_id = incidents.id))`;
  }
}

/** How many are old enough to be dropped, though no incident has them. */
function apartFrom(wanted: DetailsWanted): RawBuilder<unknown> {
  if (wanted.kind !== 'ended-before') return sql`0`;
  const before = wanted.at.toISOString();
  return sql`((SELECT count(*) FROM messages WHERE body IS NOT NULL AND NOT (${WAITING}) AND ${oldNotices(before)})
    + (SELECT count(*) FROM alerts WHERE ${oldAlerts(before)} AND ${freeAlerts()}))`;
}

/** Of a message. */
export function oldNotices(before: string): RawBuilder<unknown> {
  return sql`(incident_id IS NULL AND waiting_since < ${before})`;
}

/** Of an alert. */
export function oldAlerts(before: string): RawBuilder<unknown> {
  return sql`(received_at < ${before})`;
}

/** Of an alert: it was taken up, and neither an incident nor a muted host has it. */
export function freeAlerts(except: RawBuilder<unknown> = sql`(SELECT NULL)`): RawBuilder<unknown> {
  return sql`(taken_up_at IS NOT NULL
    AND id NOT IN (SELECT alert_id FROM incident_alerts WHERE incident_id NOT IN ${except})
    AND id NOT IN (SELECT alert_id FROM muted_faults WHERE alert_id IS NOT NULL))`;
}

function valuesOf(wanted: DetailsWanted, incidents: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (wanted.kind) {
    case 'incident':
      return sql`incident_id IN ${incidents}`;
    case 'person': {
      const { person } = wanted;
      return sql`(field = 'called' AND ${names(person)}) OR EXISTS (SELECT 1 FROM entry_values AS own
        WHERE own.sequence = entry_values.sequence AND own.field = 'actor' AND ${isPerson(sql`own.value`, person)})`;
    }
    case 'ended-before':
      return sql`field = 'reason' AND (incident_id IN ${incidents}
        OR (incident_id IS NULL AND at < ${wanted.at.toISOString()}))`;
  }
}

/** Of a value of an entry: it is the person, or one of those who were called. */
function names(person: string): RawBuilder<unknown> {
  return sql`CASE field WHEN 'actor' THEN ${isPerson(sql`entry_values.value`, person)}
    WHEN 'called' THEN ${person} IN (SELECT json_each.value FROM json_each(entry_values.value)) ELSE false END`;
}

/** Of an actor in JSON: it is the person, by Slack's id, by the name at a terminal, or by the name of a break-glass key. */
export function isPerson(actor: RawBuilder<unknown>, person: string): RawBuilder<unknown> {
  return sql`coalesce(${person} IN (${actor} ->> '$.user', ${actor} ->> '$.breakGlass.principal'), false)`;
}

const SLACK_ID = /^[UW][A-Z0-9]{5,}$/;

/** Of a message: it has the person's Slack id anywhere, or the name on its own. */
export function mentions(person: string): RawBuilder<unknown> {
  return sql`coalesce(instr(body, ${SLACK_ID.test(person) ? person : JSON.stringify(person)}) > 0, false)`;
}
