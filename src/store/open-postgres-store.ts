import {
  type Dialect,
  HandleEmptyInListsPlugin,
  Kysely,
  type PostgresPool,
  replaceWithNoncontingentExpression,
  sql,
} from 'kysely';
import { parsePostgresUrl, postgresPlace, withoutPassword } from '../model/settings/postgres-url.ts';
import type { Clock } from '../workflow/ports.ts';
import { requireSchema, upgrade } from './migrate.ts';
import type { OpenedStore, OpenedTrail, RecordPlace } from './opened-store.ts';
import { KyselyOutbox } from './outbox/outbox.ts';
import { type PostgresAccess, readers, type WriterRole, writer } from './postgres/connect.ts';
import { COPY_LIMIT_MS } from './postgres/limits.ts';
import { isUndoneByOthers } from './postgres/problems.ts';
import { recordDialect } from './postgres/record-driver.ts';
import { KyselyAuditTrail } from './record/audit-trail.ts';
import { KyselyRecordStore } from './record/record-store.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { auditHead } from './tables/audit-entries.ts';
import type { Tables } from './tables/tables.ts';

/**
 * Opens the record in a Postgres database, creates its tables if there are none, and upgrades an older one. As the bot, it
 * keeps the right to be the only one: whatever is written later is written under that right, or not at all.
 *
 * @throws StoreUnavailable if that fails; its message says why, and what to do.
 */
export async function openPostgresStore(
  place: RecordPlace,
  role: WriterRole,
  { clock }: { readonly clock: Clock },
): Promise<OpenedStore> {
  const access = accessTo(place);
  const server = postgresPlace(access);
  const writing = kyselyOver(writer(access, role), server);
  const reading = kyselyOver(readers(access), server);
  const close = async () => {
    await writing.destroy();
    await reading.destroy();
  };
  await closingOnFailure(close, () => upgrade(writing, server));
  return {
    store: new KyselyRecordStore(writing, clock, { isUndoneByOthers }),
    outbox: new KyselyOutbox(writing, clock),
    auditTrail: new KyselyAuditTrail(reading),
    ping: async () => {
      await writing.transaction().execute(auditHead);
    },
    close,
  };
}

/** Opens an existing record for reading. Creates and upgrades nothing. Throws like {@link openPostgresStore}. */
export async function openPostgresTrail(place: RecordPlace): Promise<OpenedTrail> {
  const access = accessTo(place);
  const server = postgresPlace(access);
  const reading = kyselyOver(readers(access), server);
  const close = () => reading.destroy();
  await closingOnFailure(close, () => requireSchema(reading, server, ['current']));
  return { auditTrail: new KyselyAuditTrail(reading), close };
}

/** For one long transaction of the only one that writes. */
export function copyingDialect(place: RecordPlace): Dialect {
  const access = accessTo(place);
  return recordDialect(writer(access, 'the-bot', COPY_LIMIT_MS), postgresPlace(access));
}

/** Makes sure that the record can be used there, or created. Changes nothing. */
export async function requireUsablePostgres(place: RecordPlace): Promise<void> {
  const access = accessTo(place);
  const server = postgresPlace(access);
  const writing = kyselyOver(writer(access, 'beside-the-bot'), server);
  try {
    const schema = await requireSchema(writing, server, ['current', 'behind']);
    const right = schema === 'behind' ? sql`has_schema_privilege('public', 'CREATE')` : RIGHT_TO_RECORD;
    const { rows } = await sql<{ granted: boolean }>`select ${right} as granted`.execute(writing);
    if (rows[0]?.granted) return;
    const said = schema === 'behind' ? 'CREATE on schema public' : 'SELECT, INSERT, UPDATE on its tables';
    throw new StoreUnavailable({ kind: 'not-granted', server, why: { errno: null, said } });
  } finally {
    await writing.destroy();
  }
}

/** has_table_privilege() is true for any of several rights, so each is asked for alone. */
const RIGHT_TO_RECORD = sql`(select bool_and(has_table_privilege(name, wanted))
  from unnest(array['audit_entries', 'audit_head', 'messages']) as name, unnest(array['SELECT', 'INSERT']) as wanted)
  and has_table_privilege('audit_head', 'UPDATE')`;

function accessTo({ url, passwordFile }: RecordPlace): PostgresAccess {
  const place = parsePostgresUrl(url);
  if (place === null) throw new StoreUnavailable({ kind: 'not-a-record-url', url: withoutPassword(url) });
  return { ...place, passwordFile };
}

function kyselyOver(pool: PostgresPool, server: string): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: recordDialect(pool, server),
    // SQLite knows an empty list, Postgres does not.
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  });
}

async function closingOnFailure<T>(close: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await close();
    throw error;
  }
}
