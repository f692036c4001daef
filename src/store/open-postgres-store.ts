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
import { leaseConnection, type PostgresAccess, readers, writer } from './postgres/connect.ts';
import { PostgresLeases, rightOf } from './postgres/leases.ts';
import { COPY_LIMIT_MS } from './postgres/limits.ts';
import { isUndoneByOthers } from './postgres/problems.ts';
import { type Right, recordDialect } from './postgres/record-driver.ts';
import { KyselyAuditTrail } from './record/audit-trail.ts';
import { KyselyRecordStore } from './record/record-store.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { auditHead } from './tables/audit-entries.ts';
import type { Tables } from './tables/tables.ts';

/**
 * Opens the record in a Postgres database to work on it beside the bots, creates its tables if there are none, and upgrades an older one.
 *
 * @throws StoreUnavailable if that fails; its message says why, and what to do.
 */
export async function openPostgresStore(place: RecordPlace, parts: Parts): Promise<OpenedStore> {
  const access = accessTo(place);
  const server = postgresPlace(access);
  const writing = kyselyOver(writer(access, 'beside-the-bots'), server);
  const opened = openedOver(writing, access, parts);
  await closingOnFailure(opened.close, () => upgrade(writing, server));
  return opened;
}

/** The same for one of the bots. It has joined the others, and writes only while they take it for alive. */
export async function openPostgresStoreAsBot(place: RecordPlace, parts: Parts): Promise<OpenedStore> {
  const access = accessTo(place);
  const server = postgresPlace(access);
  const upgrading = kyselyOver(writer(access, 'bot'), server);
  await upgrade(upgrading, server).finally(() => upgrading.destroy());
  const connection = leaseConnection(access);
  const leases = new PostgresLeases(connection, server);
  const opened = openedOver(kyselyOver(writer(access, 'bot'), server, rightOf(leases, server)), access, parts);
  const close = async () => {
    await opened.close();
    await connection.end();
  };
  await closingOnFailure(close, () => leases.join());
  return { ...opened, leases, close };
}

type Parts = { readonly clock: Clock };

function openedOver(writing: Kysely<Tables>, access: PostgresAccess, { clock }: Parts): OpenedStore {
  const reading = kyselyOver(readers(access), postgresPlace(access));
  return {
    store: new KyselyRecordStore(writing, clock, { isUndoneByOthers }),
    outbox: new KyselyOutbox(writing, clock),
    auditTrail: new KyselyAuditTrail(reading),
    ping: async () => {
      await writing.transaction().execute(auditHead);
    },
    close: async () => {
      await writing.destroy();
      await reading.destroy();
    },
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

/** For one long transaction, while no bot works on the record. */
export function copyingDialect(place: RecordPlace): Dialect {
  const access = accessTo(place);
  return recordDialect(writer(access, 'alone', COPY_LIMIT_MS), postgresPlace(access));
}

/** Makes sure that the record can be used there, or created. Changes nothing. */
export async function requireUsablePostgres(place: RecordPlace): Promise<void> {
  const access = accessTo(place);
  const server = postgresPlace(access);
  const writing = kyselyOver(writer(access, 'beside-the-bots'), server);
  try {
    const schema = await requireSchema(writing, server, ['current', 'behind']);
    const right = schema === 'behind' ? sql`has_schema_privilege('public', 'CREATE')` : RIGHT_TO_RECORD;
    const { rows } = await sql<{ granted: boolean }>`select ${right} as granted`.execute(writing);
    if (rows[0]?.granted) return;
    const said =
      schema === 'behind'
        ? 'CREATE on schema public'
        : 'SELECT, INSERT, UPDATE on its tables, DELETE on bots and leases';
    throw new StoreUnavailable({ kind: 'not-granted', server, why: { errno: null, said } });
  } finally {
    await writing.destroy();
  }
}

/** has_table_privilege() is true for any of several rights, so each is asked for alone. */
const RIGHT_TO_RECORD = sql`(select bool_and(has_table_privilege(name, wanted))
  from unnest(array['audit_entries', 'audit_head', 'messages']) as name, unnest(array['SELECT', 'INSERT']) as wanted)
  and has_table_privilege('audit_head', 'UPDATE')
  and (select bool_and(has_table_privilege(name, 'DELETE')) from unnest(array['bots', 'leases']) as name)`;

function accessTo({ url, passwordFile }: RecordPlace): PostgresAccess {
  const place = parsePostgresUrl(url);
  if (place === null) throw new StoreUnavailable({ kind: 'not-a-record-url', url: withoutPassword(url) });
  return { ...place, passwordFile };
}

function kyselyOver(pool: PostgresPool, server: string, right?: Right): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: recordDialect(pool, server, right),
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
