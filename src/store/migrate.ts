import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import type { StoreProblem } from '../model/record/store-problem.ts';
import { isPostgres } from './is-postgres.ts';
import { BEFORE_RELEASE, MIGRATIONS } from './migrations/index.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import type { Tables } from './tables/tables.ts';

type UnknownMigrations = Extract<StoreProblem, { kind: 'schema-unknown' }>;

/** How the schema of a database stands to this version of the code. */
type SchemaState =
  | { readonly kind: 'current' }
  /** New and empty, or written by an older version: the migrations bring it up to date. */
  | { readonly kind: 'behind' }
  /** Has migrations that this version does not know; `by` tells whose they are, as far as their names do. */
  | { readonly kind: 'unknown'; readonly by: UnknownMigrations['by']; readonly unknownMigrations: readonly string[] }
  /** Has tables, but no migrations. */
  | { readonly kind: 'foreign' };

async function schemaState(db: Kysely<Tables>): Promise<SchemaState> {
  const tables = await (isPostgres(db) ? tablesOnPostgres(db) : tablesInFile(db));
  if (tables.length === 0) return { kind: 'behind' };
  if (!tables.includes(DEFAULT_MIGRATION_TABLE)) return { kind: 'foreign' };
  const done = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  const unknownMigrations = done.rows.map(({ name }) => name).filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknownMigrations.length > 0) return { kind: 'unknown', by: authorOf(unknownMigrations), unknownMigrations };
  return { kind: done.rows.length === Object.keys(MIGRATIONS).length ? 'current' : 'behind' };
}

async function tablesOnPostgres(db: Kysely<Tables>): Promise<readonly string[]> {
  const all = await db.introspection.getTables({ withInternalKyselyTables: true });
  return all.filter(({ schema, isView }) => schema === 'public' && !isView).map(({ name }) => name);
}

/** Kysely's introspection reads the text of the schema, too, and fails if damage has made something else of it. */
async function tablesInFile(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = sql<{
    name: string;
  }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`;
  return (await tables.execute(db)).rows.map(({ name }) => name);
}

/** A newer version goes on counting where this one ends. */
function authorOf(unknown: readonly string[]): UnknownMigrations['by'] {
  if (unknown.some((name) => BEFORE_RELEASE.includes(name))) return 'development-version';
  const last = Object.keys(MIGRATIONS).toSorted().at(-1) ?? '';
  return unknown.every((name) => NUMBERED.test(name) && name > last) ? 'newer-version' : 'unknown';
}

const NUMBERED = /^\d{4}-/;

/** @throws StoreUnavailable when the schema is another one than accepted. `place`: the path or the server, for the message. */
export async function requireSchema<K extends 'current' | 'behind'>(
  db: Kysely<Tables>,
  place: string,
  accepted: readonly K[],
): Promise<K> {
  const schema = await schemaState(db);
  if (schema.kind === 'foreign') throw new StoreUnavailable({ kind: 'foreign-database', path: place });
  if (schema.kind === 'unknown') throw new StoreUnavailable({ ...schema, kind: 'schema-unknown', path: place });
  const found = accepted.find((kind) => kind === schema.kind);
  if (found === undefined) throw new StoreUnavailable({ kind: 'schema-older', path: place });
  return found;
}

/** Brings the schema up to date. An account without the right to change it can use a record that is. */
export async function upgrade(db: Kysely<Tables>, place: string): Promise<void> {
  if ((await requireSchema(db, place, ['current', 'behind'])) === 'behind') await migrate(db);
}

/** Runs what is missing: all of it in one transaction, or nothing. Two processes may do so at the same time. */
async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
