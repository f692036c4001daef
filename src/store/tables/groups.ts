import type { Kysely, Selectable } from 'kysely';
import type { z } from 'zod';
import { Traits } from '../../model/quiet/group.ts';
import { type ChannelId, HostName, IncidentId } from '../../model/record/ids.ts';
import { Incident } from '../../model/record/incident.ts';
import type { RecentIncident } from '../../workflow/ports/quiet-record.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

const INCIDENT_COLUMNS = ['id', 'host', 'opened_at', 'opened_by', 'state', 'verdict'] as const;
const COLUMNS = [...INCIDENT_COLUMNS, 'summarized_in', 'grouped_in', 'traits'] as const;

const RecentRow = Incident.pick({ openedAt: true, openedBy: true, state: true, verdict: true }).extend({
  id: IncidentId,
  host: HostName,
  summarizedIn: IncidentId.nullable(),
  groupedIn: IncidentId.nullable(),
  traits: Traits.nullable(),
}) satisfies z.ZodType<RecentIncident>;

type Row = Pick<Selectable<Tables['incidents']>, (typeof COLUMNS)[number]>;

export async function openedSince(
  db: Kysely<Tables>,
  channel: ChannelId,
  since: Date,
  limit: number,
): Promise<readonly RecentIncident[]> {
  const rows = await db
    .selectFrom('incidents')
    .select(COLUMNS)
    .where('channel', '=', channel)
    .where('state', 'not in', ['unmonitored', 'monitored-again'])
    .where('opened_at', '>=', since.toISOString())
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toRecent).reverse();
}

export async function joinSummary(db: Kysely<Tables>, id: IncidentId, summarizedIn: IncidentId): Promise<void> {
  await db.updateTable('incidents').set({ summarized_in: summarizedIn }).where('id', '=', id).execute();
}

export async function joinGroup(db: Kysely<Tables>, id: IncidentId, groupedIn: IncidentId): Promise<void> {
  await db.updateTable('incidents').set({ grouped_in: groupedIn }).where('id', '=', id).execute();
}

export async function groupOf(db: Kysely<Tables>, id: IncidentId): Promise<IncidentId | null> {
  const row = await db.selectFrom('incidents').select('grouped_in').where('id', '=', id).executeTakeFirst();
  return readRow({ table: 'incidents', key: id }, IncidentId.nullable(), () => row?.grouped_in ?? null);
}

export async function groupMembers(
  db: Kysely<Tables>,
  groupedIn: IncidentId,
  limit: number,
): Promise<readonly RecentIncident[]> {
  const rows = await db
    .selectFrom('incidents')
    .select(COLUMNS)
    .where('grouped_in', '=', groupedIn)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toRecent);
}

export async function saveTraits(db: Kysely<Tables>, id: IncidentId, traits: Traits): Promise<void> {
  await db
    .updateTable('incidents')
    .set({ traits: toJson(traits) })
    .where('id', '=', id)
    .execute();
}

function toRecent(row: Row): RecentIncident {
  return readRow({ table: 'incidents', key: row.id }, RecentRow, () => ({
    id: row.id,
    host: row.host,
    openedAt: row.opened_at,
    openedBy: JSON.parse(row.opened_by),
    state: row.state,
    verdict: row.verdict,
    summarizedIn: row.summarized_in,
    groupedIn: row.grouped_in,
    traits: row.traits === null ? null : JSON.parse(row.traits),
  }));
}
