import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { Alert, type AlertSourceName, type ReceivedAlert } from '../../model/record/alert.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** An alert without a start time counts as a repeat of a similar one if it comes within this time. */
const REPEAT_WITHIN_MS = 60 * 60 * 1000;

const ReceivedAlertRow = z.strictObject({ id: z.number().int(), receivedAt: z.iso.datetime(), alert: Alert });

type AlertRow = Selectable<Tables['alerts']>;

/**
 * Records a new alert until it is handled. Returns false for a repeat: the same source, fingerprint, status and start.
 * If the earlier alert led to no incident, the repeat is handled again, since the day or the config can have changed.
 */
export async function insertAlert(db: Kysely<Tables>, alert: Alert, now: Date): Promise<boolean> {
  const same = await repeatedBy(db, alert, now);
  if (same !== undefined) {
    await noteRepeat(db, same.id, now);
    return false;
  }
  await db
    .insertInto('alerts')
    .values({
      source: alert.source,
      fingerprint: alert.fingerprint,
      status: alert.status,
      starts_at: alert.startsAt,
      body: toJson(alert),
      received_at: now.toISOString(),
    })
    .execute();
  return true;
}

async function repeatedBy(db: Kysely<Tables>, alert: Alert, now: Date): Promise<AlertRow | undefined> {
  const alike = db
    .selectFrom('alerts')
    .selectAll()
    .where('source', '=', alert.source)
    .where('fingerprint', '=', alert.fingerprint);
  if (alert.startsAt !== null) {
    return alike.where('status', '=', alert.status).where('starts_at', '=', alert.startsAt).executeTakeFirst();
  }
  const last = await alike.orderBy('id', 'desc').limit(1).executeTakeFirst();
  const since = new Date(now.getTime() - REPEAT_WITHIN_MS).toISOString();
  return last?.status === alert.status && last.received_at > since ? last : undefined;
}

async function noteRepeat(db: Kysely<Tables>, id: number, now: Date): Promise<void> {
  await db.updateTable('alerts').set({ received_at: now.toISOString() }).where('id', '=', id).execute();
  await db
    .updateTable('alerts')
    .set({ taken_up_at: null })
    .where('id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('incident_alerts').select('alert_id').where('alert_id', '=', id))),
    )
    .execute();
}

/** The alerts after this id that were not handled yet, in the order in which they came. */
export async function waitingAlerts(
  db: Kysely<Tables>,
  afterId: number,
  limit: number,
): Promise<readonly ReceivedAlert[]> {
  const rows = await db
    .selectFrom('alerts')
    .selectAll()
    .where('taken_up_at', 'is', null)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toReceivedAlert);
}

export async function takeUpAlert(db: Kysely<Tables>, id: number, now: Date): Promise<void> {
  await db.updateTable('alerts').set({ taken_up_at: now.toISOString() }).where('id', '=', id).execute();
}

export async function joinAlert(db: Kysely<Tables>, alertId: number, incidentId: IncidentId): Promise<void> {
  await db
    .insertInto('incident_alerts')
    .values({ alert_id: alertId, incident_id: incidentId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The alerts of an incident in their newest state: the first `limit` that joined it (without a limit: all), and the number of all. */
export async function alertsOf(
  db: Kysely<Tables>,
  incidentId: IncidentId,
  limit?: number,
): Promise<{ readonly first: readonly ReceivedAlert[]; readonly total: number }> {
  const each = db
    .selectFrom('alerts')
    .innerJoin('incident_alerts', 'incident_alerts.alert_id', 'alerts.id')
    .where('incident_alerts.incident_id', '=', incidentId)
    .groupBy(['source', 'fingerprint'])
    .select(({ fn }) => [fn.min('alerts.id').as('joined'), fn.max('alerts.id').as('latest')]);
  const rows = await db
    .selectFrom(each.as('each'))
    .innerJoin('alerts', 'alerts.id', 'each.latest')
    .selectAll('alerts')
    .orderBy('each.joined')
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
    .execute();
  const { total } = await db
    .selectFrom(each.as('each'))
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { first: rows.map(toReceivedAlert), total };
}

/** Reads an alert by its number in the record. */
export async function receivedAlert(db: Kysely<Tables>, id: number): Promise<ReceivedAlert> {
  return toReceivedAlert(await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
}

/** Whether this firing alert joined the incident before. */
export async function hasAlertLike(
  db: Kysely<Tables>,
  incidentId: IncidentId,
  { source, fingerprint }: Pick<Alert, 'source' | 'fingerprint'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('alerts')
    .innerJoin('incident_alerts', 'incident_alerts.alert_id', 'alerts.id')
    .select('alerts.id')
    .where('alerts.source', '=', source)
    .where('alerts.fingerprint', '=', fingerprint)
    .where('incident_alerts.incident_id', '=', incidentId)
    .executeTakeFirst();
  return row !== undefined;
}

/** The fingerprints of the alerts that were reported in the channel on this day (`2026-11-29`) as matching no host. */
export async function alertsToldOn(
  db: Kysely<Tables>,
  source: AlertSourceName,
  day: string,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('alerts')
    .select('fingerprint')
    .where('source', '=', source)
    .where('told_on', '=', day)
    .execute();
  return new Set(rows.map(({ fingerprint }) => fingerprint));
}

export async function markAlertTold(db: Kysely<Tables>, id: number, day: string): Promise<void> {
  await db.updateTable('alerts').set({ told_on: day }).where('id', '=', id).execute();
}

function toReceivedAlert(row: AlertRow): ReceivedAlert {
  return readRow({ table: 'alerts', key: row.id }, ReceivedAlertRow, () => ({
    id: row.id,
    receivedAt: row.received_at,
    alert: JSON.parse(row.body),
  }));
}
