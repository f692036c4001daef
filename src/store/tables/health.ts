import type { Kysely } from 'kysely';
import { HealthChanges } from '../../model/quiet/health-changes.ts';
import { HostName } from '../../model/record/ids.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

export async function healthOf(db: Kysely<Tables>, host: HostName): Promise<HealthChanges | null> {
  const row = await db.selectFrom('health').selectAll().where('host', '=', host).executeTakeFirst();
  return row ? readRow({ table: 'health', key: host }, HealthChanges, () => JSON.parse(row.changes)) : null;
}

export async function saveHealth(db: Kysely<Tables>, host: HostName, health: HealthChanges): Promise<void> {
  const content = { changes: toJson(health), flapping_since: health.flappingSince };
  await db
    .insertInto('health')
    .values({ host, ...content })
    .onConflict((conflict) => conflict.column('host').doUpdateSet(content))
    .execute();
}

export async function flappingHosts(db: Kysely<Tables>): Promise<readonly HostName[]> {
  const rows = await db.selectFrom('health').select('host').where('flapping_since', 'is not', null).execute();
  return rows.map(({ host }) => readRow({ table: 'health', key: host }, HostName, () => host));
}
