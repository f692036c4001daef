import { type Kysely, type Selectable, sql } from 'kysely';
import { compiled } from '../../model/compiled.ts';
import type { ChannelId, HostName, IncidentId } from '../../model/record/ids.ts';
import { Incident, type IncidentState } from '../../model/record/incident.ts';
import type { NewIncident, RecordTransaction } from '../../workflow/ports/record.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

const IncidentRow = compiled(Incident);

type IncidentChange = Parameters<RecordTransaction['moveIncident']>[2];

export async function insertIncident(db: Kysely<Tables>, incident: NewIncident): Promise<Incident | null> {
  // No number is left out, by a conflict or by a transaction that was undone: people would search for the incident.
  if ((await incidentByRequest(db, incident.requestKey)) !== null) return null;
  const row = await db
    .insertInto('incidents')
    .values({
      id: sql<number>`(select coalesce(max(id), 0) + 1 from incidents)`,
      host: incident.host,
      channel: incident.channel,
      opened_by: toJson(incident.openedBy),
      opened_at: incident.openedAt,
      request_key: incident.requestKey,
      state: 'diagnosing' satisfies IncidentState,
    })
    .onConflict((conflict) => conflict.column('request_key').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ? toIncident(row) : null;
}

export async function incidentById(db: Kysely<Tables>, id: IncidentId): Promise<Incident | null> {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toIncident(row) : null;
}

export async function incidentByRequest(db: Kysely<Tables>, requestKey: string): Promise<Incident | null> {
  const row = await db.selectFrom('incidents').selectAll().where('request_key', '=', requestKey).executeTakeFirst();
  return row ? toIncident(row) : null;
}

export async function incidentsIn(
  db: Kysely<Tables>,
  states: readonly IncidentState[],
  host?: HostName,
): Promise<readonly Incident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where('state', 'in', states)
    .$if(host !== undefined, (query) => query.where('host', '=', host ?? ''))
    .orderBy('id')
    .execute();
  return rows.map(toIncident);
}

export async function latestIncidents(
  db: Kysely<Tables>,
  hosts: readonly HostName[],
  limit: number,
): Promise<readonly Incident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where('host', 'in', hosts)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toIncident);
}

/** The incident of the host in the channel that was resolved last, not earlier than `since`. */
export async function resolvedSince(
  db: Kysely<Tables>,
  host: HostName,
  channel: ChannelId,
  since: Date,
): Promise<Incident | null> {
  const row = await db
    .selectFrom('incidents')
    .selectAll()
    .where('state', '=', 'resolved' satisfies IncidentState)
    .where('host', '=', host)
    .where('channel', '=', channel)
    .where('closed_at', '>=', since.toISOString())
    .orderBy('closed_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? toIncident(row) : null;
}

export async function moveIncident(
  db: Kysely<Tables>,
  id: IncidentId,
  from: readonly IncidentState[],
  change: IncidentChange,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('incidents')
    .set(({ ref }) => ({
      state: change.state ?? ref('state'),
      ...('verdict' in change ? { verdict: change.verdict } : {}),
      ...('currentPlan' in change ? { current_plan: change.currentPlan } : {}),
      ...('closedAt' in change ? { closed_at: change.closedAt } : {}),
    }))
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export function toIncident(row: Selectable<Tables['incidents']>): Incident {
  return readRow({ table: 'incidents', key: row.id }, IncidentRow(), () => ({
    id: row.id,
    host: row.host,
    channel: row.channel,
    openedBy: JSON.parse(row.opened_by),
    openedAt: row.opened_at,
    requestKey: row.request_key,
    state: row.state,
    verdict: row.verdict,
    currentPlan: row.current_plan,
    closedAt: row.closed_at,
  }));
}
