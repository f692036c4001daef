import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import {
  type Act,
  type AuditDraft,
  AuditEntry,
  ChainedEntry,
  type IncidentEntry,
  type OwnDraft,
} from '../../../model/record/audit.ts';
import { IncidentId } from '../../../model/record/ids.ts';
import type { EntryMark } from '../../../model/record/messages/thread-message.ts';
import { chainEntry, type EntryContent, type RawEntry } from '../../../record/chain.ts';
import { endProblem, type Mark } from '../../../record/check/witnesses.ts';
import { chainedForm, type KeptValue, keptValues, saltsFor, toldEntry } from '../../../record/erasable.ts';
import type { EntriesWanted, StoredEntry } from '../../../workflow/ports/audit-trail.ts';
import { isPostgres } from '../../is-postgres.ts';
import { prepared } from '../../prepared.ts';
import { RecordDamaged } from '../../store-unavailable.ts';
import { listed, textAt } from '../json-columns.ts';
import { readableOrNull, readRow, toJson } from '../rows.ts';
import type { Tables } from '../tables.ts';

/**
 * Chains the draft to the last entry. Must run in a transaction that holds the write lock, so that no one else can
 * chain to the same entry.
 *
 * @throws RecordDamaged when the last entry is not the one that was written last: a new entry must not cover that up.
 */
export async function appendAudit(db: Kysely<Tables>, draft: AuditDraft): Promise<IncidentEntry> {
  return { ...(await append(db, draft)), incidentId: draft.incidentId };
}

/** As {@link appendAudit}, for an act about the bot itself. */
export function appendOwnAct(db: Kysely<Tables>, draft: OwnDraft): Promise<AuditEntry> {
  return append(db, { ...draft, incidentId: null, planId: null, planHash: null });
}

async function append(db: Kysely<Tables>, draft: EntryContent): Promise<AuditEntry> {
  const { end, inIncident } = await trustworthyEnd(db, draft.incidentId);
  const entry = chainEntry({ ...draft, salts: saltsFor(draft, newSalt) }, end, inIncident);
  await (isPostgres(db) ? insertAtOnce(db, entry) : insertEntry(db, entry));
  return entry;
}

async function insertEntry(db: Kysely<Tables>, entry: AuditEntry): Promise<void> {
  await db.insertInto('audit_entries').values(rowOf(entry)).execute();
  const values = keptValues(entry).map((kept) => ({ sequence: entry.sequence, ...kept }));
  if (values.length > 0) await db.insertInto('entry_values').values(values).execute();
  const head = { sequence: entry.sequence, hash: entry.hash };
  await db
    .insertInto('audit_head')
    .values({ id: 1, ...head })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(head))
    .execute();
}

/**
 * The same in one statement, because each one waits for the server. The values are inserted from what the entry's insertion returns, so after it:
 * their trigger sees the entry (postgresql.org/docs/current/trigger-datachanges.html).
 */
async function insertAtOnce(db: Kysely<Tables>, entry: AuditEntry): Promise<void> {
  const row = Object.entries(rowOf(entry));
  const columns = sql.join(row.map(([column]) => sql.id(column)));
  const kept = keptValues(entry);
  const list = (name: keyof KeptValue) => sql`${kept.map((one) => one[name])}::text[]`;
  await sql`${prepared('append')} WITH entry AS (
      INSERT INTO audit_entries (${columns}) VALUES (${sql.join(row.map(([, value]) => value))}) RETURNING sequence),
    kept AS (
      INSERT INTO entry_values (sequence, field, salt, value)
        SELECT entry.sequence, kept.field, kept.salt, kept.value
        FROM entry, unnest(${list('field')}, ${list('salt')}, ${list('value')}) AS kept (field, salt, value))
    INSERT INTO audit_head (id, sequence, hash) VALUES (1, ${entry.sequence}, ${entry.hash})
      ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash`.execute(db);
}

function rowOf(entry: AuditEntry): Tables['audit_entries'] {
  const { actor, outcome } = chainedForm(entry);
  return {
    sequence: entry.sequence,
    at: entry.at,
    incident_id: entry.incidentId,
    incident_entry: entry.incidentEntry,
    actor: toJson(actor),
    act: entry.act,
    plan_id: entry.planId,
    plan_hash: entry.planHash,
    outcome: toJson(outcome),
    previous_hash: entry.previousHash,
    hash: entry.hash,
  };
}

const SALT_BYTES = 16;

function newSalt(): string {
  return randomBytes(SALT_BYTES).toString('hex');
}

export async function auditEntriesOf(db: Kysely<Tables>, incidentId: IncidentId): Promise<readonly IncidentEntry[]> {
  const rows = await db
    .selectFrom('audit_entries')
    .select(RAW_ENTRY)
    .where('incident_id', '=', incidentId)
    .orderBy('sequence')
    .execute();
  return (await toAuditEntries(db, rows)).map((entry) => ({ ...entry, incidentId }));
}

/** What was done about the bot itself for the request with this key, since then. Null: nothing was. */
export async function ownActByRequest(
  db: Kysely<Tables>,
  act: Act,
  requestKey: string,
  since: Date,
): Promise<AuditEntry | null> {
  const rows = await db
    .selectFrom('audit_entries')
    .select(RAW_ENTRY)
    .where('incident_id', 'is', null)
    .where('act', '=', act)
    .where('at', '>=', since.toISOString())
    .where(textAt(db, sql.ref('outcome'), ['request']), '=', requestKey)
    .orderBy('sequence')
    .limit(1)
    .execute();
  const [entry = null] = await toAuditEntries(db, rows);
  return entry;
}

/** By an index that has nothing but such entries. The act is a literal, so that the index fits also where a plan is made without parameters. */
export async function newestConfigChange(db: Kysely<Tables>): Promise<AuditEntry | null> {
  const rows = await db
    .selectFrom('audit_entries')
    .select(RAW_ENTRY)
    .where('act', '=', sql.lit<Act>('config-changed'))
    .orderBy('sequence', 'desc')
    .limit(1)
    .execute();
  const [newest] = await toStoredEntries(db, rows);
  return newest?.entry ?? null;
}

/** See AuditTrail. Times are ISO 8601 in UTC, so their order is that of their letters. */
export async function entryNumbers(
  db: Kysely<Tables>,
  wanted: EntriesWanted,
): Promise<readonly { readonly incidentId: IncidentId; readonly sequence: number }[]> {
  const all = db.selectFrom('audit_entries').select(['incident_id', 'sequence']);
  const chosen =
    'incidentId' in wanted
      ? all.where('incident_id', '=', wanted.incidentId)
      : all.where('incident_id', 'in', (from) =>
          from
            .selectFrom('audit_entries')
            .select('incident_id')
            .where('at', '>=', wanted.since.toISOString())
            .$if(wanted.until !== null, (query) => query.where('at', '<', wanted.until?.toISOString() ?? '')),
        );
  const rows = await chosen.orderBy('incident_id').orderBy('sequence').execute();
  return rows.map(({ incident_id, sequence }) => ({ incidentId: IncidentId.parse(incident_id), sequence }));
}

/** The entry that the bot wrote last, from its own row; null before the first. */
export async function auditHead(db: Kysely<Tables>): Promise<Mark | null> {
  const row = await db.selectFrom('audit_head').select(['sequence', 'hash']).where('id', '=', 1).executeTakeFirst();
  return row ?? null;
}

/** The rows of the entries after `sequence`, in the order of their numbers. */
export function rawEntriesAfter(db: Kysely<Tables>, sequence: number, limit: number): Promise<RawEntry[]> {
  return db
    .selectFrom('audit_entries')
    .select(RAW_ENTRY)
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(limit)
    .execute();
}

/** The entries of these rows, each with what is kept beside it. */
export async function toAuditEntries(db: Kysely<Tables>, rows: readonly RawEntry[]): Promise<readonly AuditEntry[]> {
  const valuesOf = await valuesBeside(db, rows);
  return rows.map((row) => toAuditEntry(row, valuesOf.get(row.sequence) ?? []));
}

/** As {@link toAuditEntries}; a row that can't be read is told by its number. */
export async function toStoredEntries(db: Kysely<Tables>, rows: readonly RawEntry[]): Promise<readonly StoredEntry[]> {
  const valuesOf = await valuesBeside(db, rows);
  return rows.map((row) => {
    const { sequence, at } = row;
    return { sequence, at, entry: readableOrNull(() => toAuditEntry(row, valuesOf.get(sequence) ?? [])) };
  });
}

async function valuesBeside(db: Kysely<Tables>, rows: readonly RawEntry[]): Promise<Map<number, KeptValue[]>> {
  const sequences = rows.map(({ sequence }) => sequence);
  const values = await db
    .selectFrom('entry_values')
    .selectAll()
    .where('sequence', 'in', listed(db, sequences))
    .execute();
  return Map.groupBy(values, ({ sequence }) => sequence);
}

function toAuditEntry(row: RawEntry, values: readonly KeptValue[]): AuditEntry {
  return readRow({ table: 'audit_entries', key: row.sequence }, AuditEntry, () =>
    toldEntry(ChainedEntry.parse({ ...row, actor: JSON.parse(row.actor), outcome: JSON.parse(row.outcome) }), values),
  );
}

/** The columns of a row under the names of its entry. JSON stays text. */
export const RAW_ENTRY = [
  'sequence',
  'at',
  'incident_id as incidentId',
  'incident_entry as incidentEntry',
  'actor',
  'act',
  'plan_id as planId',
  'plan_hash as planHash',
  'outcome',
  'previous_hash as previousHash',
  'hash',
] as const;

type EndRow = Omit<RawEntry, 'sequence'> & {
  /** Null: there is no entry, and so are its other columns. */
  readonly sequence: number | null;
  readonly headSequence: number | null;
  readonly headHash: string;
  /** How many entries the incident has, as its last one says. */
  readonly inIncident: number | null;
} & { readonly [Column in keyof KeptValue]: string | null };

/** The last entry, and how many entries the incident has. In one statement, because each one waits for the server. */
async function trustworthyEnd(
  db: Kysely<Tables>,
  incidentId: IncidentId | null,
): Promise<{ readonly end: EntryMark | null; readonly inIncident: number }> {
  const { rows } = await sql<EndRow>`${prepared('end_of_record')}
    SELECT head.sequence AS "headSequence", head.hash AS "headHash",
      last.sequence, last.at, last.incident_id AS "incidentId", last.incident_entry AS "incidentEntry", last.actor,
      last.act, last.plan_id AS "planId", last.plan_hash AS "planHash", last.outcome,
      last.previous_hash AS "previousHash", last.hash, kept.field, kept.salt, kept.value,
      (SELECT incident_entry FROM audit_entries WHERE incident_id = ${incidentId}
        ORDER BY sequence DESC LIMIT 1) AS "inIncident"
    FROM (SELECT 1) AS one
    LEFT JOIN audit_head AS head ON head.id = 1
    LEFT JOIN (SELECT * FROM audit_entries ORDER BY sequence DESC LIMIT 1) AS last ON true
    LEFT JOIN entry_values AS kept ON kept.sequence = last.sequence`.execute(db);
  const [first] = rows;
  if (first === undefined) throw new Error('one row joined with others is at least one');
  const { headSequence, headHash, inIncident, sequence, field, salt, value, ...row } = first;
  const values = rows.flatMap((one) => keptIn(one) ?? []);
  const end = sequence === null ? null : toAuditEntry({ ...row, sequence }, values);
  const head = headSequence === null ? null : { sequence: headSequence, hash: headHash };
  const problem = endProblem(end, head);
  if (problem) throw new RecordDamaged(problem);
  return { end, inIncident: inIncident ?? 0 };
}

function keptIn({ field, salt, value }: EndRow): KeptValue | null {
  return field === null || salt === null || value === null ? null : { field, salt, value };
}
