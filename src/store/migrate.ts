import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import { MIGRATIONS } from './migrations/index.ts';
import type { Tables } from './tables/tables.ts';

/** How the schema of a database relates to this version of the code. */
export type SchemaState =
  | { readonly kind: 'current' }
  /** New and empty, or written by an older version: the migrations bring it up to date. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'newer'; readonly unknownMigrations: readonly string[] }
  /** Has tables, but no migrations. */
  | { readonly kind: 'foreign' };

export async function schemaState(db: Kysely<Tables>): Promise<SchemaState> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (tables.length === 0) return { kind: 'behind' };
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return { kind: 'foreign' };
  const done = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  const unknownMigrations = done.rows.map(({ name }) => name).filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknownMigrations.length > 0) return { kind: 'newer', unknownMigrations };
  return { kind: done.rows.length === Object.keys(MIGRATIONS).length ? 'current' : 'behind' };
}

/** Runs the missing migrations, all in one transaction or none. Two processes can do so at the same time. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
