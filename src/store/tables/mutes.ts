import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { Mute, type MutedFault, MutedFaultKind } from '../../model/quiet/mute.ts';
import type { Alert } from '../../model/record/alert.ts';
import { HostName } from '../../model/record/ids.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

export async function insertMute(db: Kysely<Tables>, mute: Omit<Mute, 'id'>): Promise<Mute> {
  const { id } = await db
    .insertInto('mutes')
    .values({ host: mute.host, source: toJson(mute.source), began_at: mute.beganAt, until: mute.until })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, ...mute };
}

export async function openMutes(db: Kysely<Tables>, host?: HostName): Promise<readonly Mute[]> {
  const rows = await db
    .selectFrom('mutes')
    .selectAll()
    .where('ended_at', 'is', null)
    .$if(host !== undefined, (query) => query.where('host', '=', host ?? ''))
    .orderBy('id')
    .execute();
  return rows.map((row) =>
    readRow({ table: 'mutes', key: row.id }, Mute, () => ({
      id: row.id,
      host: row.host,
      source: JSON.parse(row.source),
      beganAt: row.began_at,
      until: row.until,
    })),
  );
}

export async function extendMute(db: Kysely<Tables>, id: number, until: string): Promise<void> {
  await db.updateTable('mutes').set({ until }).where('id', '=', id).execute();
}

export async function endMute(db: Kysely<Tables>, id: number, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mutes')
    .set({ ended_at: at.toISOString() })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** False: the same fault was noted before, and is not over. */
export async function noteMutedFault(
  db: Kysely<Tables>,
  { host, kind, alertId, beganAt }: Omit<MutedFault, 'id' | 'overAt'>,
): Promise<boolean> {
  const same = await db
    .selectFrom('muted_faults')
    .select('id')
    .where('host', '=', host)
    .where('kind', '=', kind)
    .where('alert_id', 'is not distinct from', alertId)
    .where('told_at', 'is', null)
    .where('over_at', 'is', null)
    .executeTakeFirst();
  if (same !== undefined) return false;
  await db.insertInto('muted_faults').values({ host, kind, alert_id: alertId, began_at: beganAt }).execute();
  return true;
}

/** What was noticed of the host in this way is over. */
export async function endMutedFault(
  db: Kysely<Tables>,
  host: HostName,
  kind: MutedFaultKind,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('muted_faults')
    .set({ over_at: at.toISOString() })
    .where('host', '=', host)
    .where('kind', '=', kind)
    .where('over_at', 'is', null)
    .where('told_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function endMutedAlerts(
  db: Kysely<Tables>,
  host: HostName,
  { source, fingerprint }: Pick<Alert, 'source' | 'fingerprint'>,
  at: Date,
): Promise<void> {
  await db
    .updateTable('muted_faults')
    .set({ over_at: at.toISOString() })
    .where('host', '=', host)
    .where('over_at', 'is', null)
    .where('alert_id', 'in', (query) =>
      query.selectFrom('alerts').select('id').where('source', '=', source).where('fingerprint', '=', fingerprint),
    )
    .execute();
}

/** What no one was told of yet, oldest first. */
export async function untoldFaults(db: Kysely<Tables>, host: HostName): Promise<readonly MutedFault[]> {
  const rows = await db
    .selectFrom('muted_faults')
    .selectAll()
    .where('host', '=', host)
    .where('told_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(toMutedFault);
}

/** Hosts of which an ordinary look noticed something that is not over, and that no one was told of. */
export async function hostsWithMutedFault(db: Kysely<Tables>): Promise<readonly HostName[]> {
  const rows = await db
    .selectFrom('muted_faults')
    .select('host')
    .distinct()
    .where('told_at', 'is', null)
    .where('over_at', 'is', null)
    .where('kind', 'in', ['watch', 'blind'])
    .execute();
  return rows.map(({ host }) => readRow({ table: 'muted_faults', key: host }, HostName, () => host));
}

export async function markFaultsTold(db: Kysely<Tables>, host: HostName, at: Date): Promise<void> {
  await db
    .updateTable('muted_faults')
    .set({ told_at: at.toISOString() })
    .where('host', '=', host)
    .where('told_at', 'is', null)
    .execute();
}

const MutedFaultRow = z.strictObject({
  id: z.number().int(),
  host: HostName,
  kind: MutedFaultKind,
  alertId: z.number().int().nullable(),
  beganAt: z.iso.datetime(),
  overAt: z.iso.datetime().nullable(),
}) satisfies z.ZodType<MutedFault>;

function toMutedFault(row: Selectable<Tables['muted_faults']>): MutedFault {
  return readRow({ table: 'muted_faults', key: row.id }, MutedFaultRow, () => ({
    id: row.id,
    host: row.host,
    kind: row.kind,
    alertId: row.alert_id,
    beganAt: row.began_at,
    overAt: row.over_at,
  }));
}
