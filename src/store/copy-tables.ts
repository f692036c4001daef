import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Kysely, sql, type Transaction } from 'kysely';
import { copyingDialect } from './open-postgres-store.ts';
import type { RecordPlace } from './opened-store.ts';
import { openReadingConnection } from './sqlite/connection.ts';
import { nodeSqliteDialect } from './sqlite/sqlite-dialect.ts';
import type { Tables } from './tables/tables.ts';

type Row = Readonly<Record<string, string | number | null>>;
type AnyTables = Record<string, Row>;

/** Each table with its primary key, after those that it refers to. */
const KEYS = {
  incidents: ['id'],
  plans: ['id'],
  decisions: ['plan_id', 'person', 'verdict'],
  executions: ['plan_id'],
  audit_entries: ['sequence'],
  entry_values: ['sequence', 'field'],
  audit_head: ['id'],
  checkpoints: ['size'],
  cosigned: ['size'],
  sent_entries: ['id'],
  diagnoses: ['sequence'],
  verifications: ['sequence'],
  messages: ['id'],
  alerts: ['id'],
  incident_alerts: ['incident_id', 'alert_id'],
  fleet_looks: ['night'],
  host_snapshots: ['host'],
  health: ['host'],
  mutes: ['id'],
  muted_faults: ['id'],
} as const satisfies Record<keyof Tables, readonly string[]>;

/** Tables whose rows the database numbers. */
const NUMBERED: ReadonlySet<string> = new Set(['incidents', 'messages', 'alerts', 'mutes', 'muted_faults']);
/** Columns of incidents that name other incidents, which can be later ones. */
const TO_OTHERS = ['summarized_in', 'grouped_in'] as const;
/** Rows with a diagnosis are large. */
const ROWS_AT_ONCE = 100;

class RowsDiffer extends Error {
  readonly table: string;

  constructor(table: string) {
    super(`the rows of ${table} differ`);
    this.table = table;
  }
}

export type CopiedTables =
  | { readonly kind: 'copied' }
  | { readonly kind: 'target-not-empty' }
  | { readonly kind: 'rows-differ'; readonly table: string };

/** Copies all rows of the SQLite file into the tables of the Postgres database, in one transaction. */
export async function copyTables(file: string, to: RecordPlace): Promise<CopiedTables> {
  const source = new Kysely<AnyTables>({ dialect: nodeSqliteDialect(await openReadingConnection(file)) });
  const target = new Kysely<AnyTables>({ dialect: copyingDialect(to) });
  try {
    return await target.transaction().execute(async (tx) => {
      // A statement of it can check the references of all rows at once.
      await sql`SET LOCAL statement_timeout = 0`.execute(tx);
      if (!(await isEmpty(tx))) return { kind: 'target-not-empty' };
      await switchTriggers(tx, 'DISABLE');
      for (const [table, keys] of Object.entries(KEYS)) {
        const copied = await copyTable(source, tx, table, keys);
        if ((await digestOf(tx, table, keys)) !== copied) throw new RowsDiffer(table);
      }
      await sql`SET CONSTRAINTS ALL IMMEDIATE`.execute(tx);
      await switchTriggers(tx, 'ENABLE');
      return { kind: 'copied' };
    });
  } catch (error) {
    if (error instanceof RowsDiffer) return { kind: 'rows-differ', table: error.table };
    throw error;
  } finally {
    await source.destroy();
    await target.destroy();
  }
}

async function isEmpty(tx: Transaction<AnyTables>): Promise<boolean> {
  for (const table of Object.keys(KEYS)) {
    if ((await tx.selectFrom(table).selectAll().limit(1).executeTakeFirst()) !== undefined) return false;
  }
  return true;
}

/** The triggers let the record only grow as it first grew; here it is compared instead. */
async function switchTriggers(tx: Transaction<AnyTables>, how: 'DISABLE' | 'ENABLE'): Promise<void> {
  for (const table of Object.keys(KEYS)) {
    await sql`ALTER TABLE ${sql.table(table)} ${sql.raw(how)} TRIGGER USER`.execute(tx);
  }
}

/** Returns the digest of the rows that were read. */
async function copyTable(
  source: Kysely<AnyTables>,
  tx: Transaction<AnyTables>,
  table: string,
  keys: readonly string[],
): Promise<string> {
  const digest = createHash('sha256');
  const linked: Row[] = [];
  let batch: Row[] = [];
  const write = async () => {
    if (batch.length > 0) await tx.insertInto(table).values(batch).execute();
    batch = [];
  };
  for await (const row of source.selectFrom(table).selectAll().orderBy(keyOf(keys)).stream()) {
    digest.update(`${canonicalize(row)}\n`);
    if (table === 'incidents' && TO_OTHERS.some((column) => row[column] !== null)) linked.push(row);
    batch.push(table === 'incidents' ? { ...row, summarized_in: null, grouped_in: null } : row);
    if (batch.length === ROWS_AT_ONCE) await write();
  }
  await write();
  for (const { id = null, summarized_in = null, grouped_in = null } of linked) {
    await tx.updateTable(table).set({ summarized_in, grouped_in }).where('id', '=', id).execute();
  }
  if (NUMBERED.has(table)) {
    await sql`SELECT setval(sequence::regclass, (SELECT coalesce(max(id), 0) + 1 FROM ${sql.table(table)}), false)
      FROM pg_get_serial_sequence(${table}, 'id') AS sequence`.execute(tx);
  }
  return digest.digest('hex');
}

/** Of the rows as the server gives them back. */
async function digestOf(tx: Transaction<AnyTables>, table: string, keys: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  const key = keyOf(keys);
  for (let last: Row | undefined; ; ) {
    const after: Row | undefined = last;
    const rows: readonly Row[] = await tx
      .selectFrom(table)
      .selectAll()
      .$if(after !== undefined, (query) =>
        query.where(sql<boolean>`(${key}) > (${sql.join(keys.map((column) => after?.[column]))})`),
      )
      .orderBy(key)
      .limit(ROWS_AT_ONCE)
      .execute();
    for (const row of rows) digest.update(`${canonicalize(row)}\n`);
    last = rows.at(-1);
    if (rows.length < ROWS_AT_ONCE) return digest.digest('hex');
  }
}

function keyOf(keys: readonly string[]) {
  return sql.join(keys.map((column) => sql.ref(column)));
}
