import {
  type Dialect,
  HandleEmptyInListsPlugin,
  Kysely,
  type PostgresPool,
  replaceWithNoncontingentExpression,
  sql,
} from 'kysely';
import type { EntryMark } from '../model/record/messages/thread-message.ts';
import { parsePostgresUrl, postgresPlace, withoutPassword } from '../model/settings/postgres-url.ts';
import type { Clock, Log } from '../workflow/ports/bot.ts';
import { requireSchema, upgrade } from './migrate.ts';
import type { OpenedStore, OpenedTrail, RecordPlace } from './opened-store.ts';
import { KyselyOutbox } from './outbox/outbox.ts';
import { askingOver } from './postgres/ask.ts';
import { leaseConnection, type PostgresAccess, readers, writer } from './postgres/connect.ts';
import { KnownEnd } from './postgres/known-end.ts';
import { PostgresLeases, rightOf } from './postgres/leases.ts';
import { COPY_LIMIT_MS } from './postgres/limits.ts';
import type { OneConnection } from './postgres/one-connection.ts';
import { isUndoneByOthers } from './postgres/problems.ts';
import { type Right, recordDialect } from './postgres/record-driver.ts';
import type { Row } from './postgres/row.ts';
import { PostgresSessions } from './postgres/sessions.ts';
import { PostgresSights } from './postgres/sights.ts';
import { KyselyAuditTrail } from './record/audit-trail.ts';
import { KyselyRecordStore } from './record/record-store.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { auditHead } from './tables/chain/audit-entries.ts';
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
export async function openPostgresStoreAsBot(place: RecordPlace, parts: BotParts): Promise<OpenedStore> {
  const access = accessTo(place);
  const server = postgresPlace(access);
  const upgrading = kyselyOver(writer(access, 'bot'), server);
  await upgrade(upgrading, server).finally(() => upgrading.destroy());
  const connection = leaseConnection(access);
  const known = new KnownEnd(server, parts.log);
  const ask = askingOver(connection, server, known);
  const leases = new PostgresLeases(ask);
  const writing = writer(access, 'bot');
  const right = leavingIfRefused([writing, connection], rightOf(leases, known, server));
  const around = { clock: parts.clock, appended: (last: EntryMark) => known.see(last) };
  const opened = openedOver(kyselyOver(writing, server, right), access, around);
  const close = async () => {
    await opened.close();
    await connection.end();
  };
  await closingOnFailure(close, () => leases.join());
  const several = { leases, sights: new PostgresSights(leases, ask), sessions: new PostgresSessions(ask) };
  return { ...opened, several, close };
}

type Parts = { readonly clock: Clock };
/** `log`: where is told that the database has lost entries. */
type BotParts = Parts & { readonly log?: Log };
/** `appended` is given the last entry of a transaction. */
type Around = Parts & { readonly appended?: (last: EntryMark) => void };

/** The address can lead to another server now, and one of the connections still to the former one. */
function leavingIfRefused(connections: readonly OneConnection[], right: Right): Right {
  return () => {
    const question = right();
    const require = (rows: readonly Row[]) => {
      try {
        question.require(rows);
      } catch (error) {
        for (const connection of connections) connection.leave();
        throw error;
      }
    };
    return { ...question, require };
  };
}

function openedOver(writing: Kysely<Tables>, access: PostgresAccess, { clock, ...around }: Around): OpenedStore {
  const reading = kyselyOver(readers(access), postgresPlace(access));
  return {
    store: new KyselyRecordStore(writing, clock, { isUndoneByOthers, ...around }),
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
  return recordDialect(writer(access, 'alone', { turnMs: COPY_LIMIT_MS }), postgresPlace(access));
}

/** Makes sure that the record can be used there, or created. Changes nothing. */
export async function requireUsablePostgres(place: RecordPlace): Promise<void> {
  const access = accessTo(place);
  const server = postgresPlace(access);
  const writing = kyselyOver(writer(access, 'beside-the-bots'), server);
  try {
    const schema = await requireSchema(writing, server, ['current', 'behind']);
    const wanted = schema === 'behind' ? RIGHT_TO_CREATE : RIGHTS_TO_RECORD;
    const { rows } = await wanted.execute(writing);
    if (rows.length === 0) return;
    const named = rows.slice(0, MOST_NAMED).map(({ missing }) => missing);
    const said = named.join(', ') + (rows.length > MOST_NAMED ? ' …' : '');
    throw new StoreUnavailable({ kind: 'not-granted', server, why: { errno: null, said } });
  } finally {
    await writing.destroy();
  }
}

const MOST_NAMED = 5;

type Missing = { readonly missing: string };

const RIGHT_TO_CREATE = sql<Missing>`select 'CREATE on schema public' as missing where not has_schema_privilege('public', 'CREATE')`;

/** What docs/operations.md grants, and the account does not have. Each right is asked for alone: of several, any would do. */
const RIGHTS_TO_RECORD = sql<Missing>`
  with own as (select oid, relname::text as name, relkind from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'S') and relname !~ '^kysely_migration'),
  wanted as (
    select oid, name, unnest(array['SELECT', 'INSERT']) as act from own where relkind = 'r'
    union all select oid, name, 'UPDATE' from own where relkind = 'r'
      and name not in ('audit_entries', 'entry_values', 'checkpoints', 'diagnoses', 'verifications')
    union all select oid, name, 'DELETE' from own where name in ('bots', 'leases'))
  select act || ' on ' || name as missing from wanted where not has_table_privilege(oid, act)
  union all select 'USAGE on ' || name from own where case relkind when 'S' then not has_sequence_privilege(oid, 'USAGE') end
  order by missing`;

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
