import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import {
  type AuditDraft,
  AuditEntry,
  ChainedEntry,
  type IncidentEntry,
  type OwnDraft,
} from '../../model/record/audit.ts';
import { IncidentId } from '../../model/record/ids.ts';
import type { EntryMark } from '../../model/record/messages/thread-message.ts';
import { chainEntry, type EntryContent, type RawEntry } from '../../record/chain.ts';
import { endProblem, type Mark } from '../../record/check/witnesses.ts';
import { chainedForm, type KeptValue, keptValues, saltsFor, toldEntry } from '../../record/erasable.ts';
import type { EntriesWanted, StoredEntry } from '../../workflow/ports/audit-trail.ts';
import { RecordDamaged } from '../store-unavailable.ts';
import { listed } from './json-columns.ts';
import { readableOrNull, readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

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
  const entry = chainEntry(
    { ...draft, salts: saltsFor(draft, newSalt) },
    await trustworthyEnd(db),
    await entriesIn(db, draft.incidentId),
  );
  const chained = chainedForm(entry);
  await db
    .insertInto('audit_entries')
    .values({
      sequence: entry.sequence,
      at: entry.at,
      incident_id: entry.incidentId,
      incident_entry: entry.incidentEntry,
      actor: toJson(chained.actor),
      act: entry.act,
      plan_id: entry.planId,
      plan_hash: entry.planHash,
      outcome: toJson(chained.outcome),
      previous_hash: entry.previousHash,
      hash: entry.hash,
    })
    .execute();
  const values = keptValues(entry).map((kept) => ({ sequence: entry.sequence, ...kept }));
  if (values.length > 0) await db.insertInto('entry_values').values(values).execute();
  const head = { sequence: entry.sequence, hash: entry.hash };
  await db
    .insertInto('audit_head')
    .values({ id: 1, ...head })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(head))
    .execute();
  return entry;
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
  const row = await db.selectFrom('audit_head').select(['sequence', 'hash']).executeTakeFirst();
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

/** How many entries the incident has, as its last one says. */
async function entriesIn(db: Kysely<Tables>, incidentId: IncidentId | null): Promise<number> {
  if (incidentId === null) return 0;
  const last = await db
    .selectFrom('audit_entries')
    .select('incident_entry')
    .where('incident_id', '=', incidentId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.incident_entry ?? 0;
}

async function trustworthyEnd(db: Kysely<Tables>): Promise<EntryMark | null> {
  const last = await db
    .selectFrom('audit_entries')
    .select(RAW_ENTRY)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  const [end = null] = await toAuditEntries(db, last ? [last] : []);
  const problem = endProblem(end, await auditHead(db));
  if (problem) throw new RecordDamaged(problem);
  return end;
}
