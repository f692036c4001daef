import { type Kysely, sql } from 'kysely';

/** Incidents, plans, decisions, executions and the chained audit entries. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

/**
 * The triggers keep the record append only for every program that opens the file, not only for this one. They also check
 * what is inserted, because INSERT OR REPLACE deletes without firing a DELETE trigger (sqlite.org/lang_conflict.html).
 */
const STATEMENTS = [
  `CREATE TABLE incidents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    host TEXT NOT NULL,
    channel TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    request_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    verdict TEXT,
    current_plan TEXT REFERENCES plans (id) DEFERRABLE INITIALLY DEFERRED,
    closed_at TEXT
  ) STRICT`,
  'CREATE INDEX incidents_by_state ON incidents (state, host)',

  `CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    number INTEGER NOT NULL,
    host TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (incident_id, number)
  ) STRICT`,
  'CREATE INDEX plans_by_state ON plans (state, host)',
  `CREATE TRIGGER plans_stay_sealed BEFORE UPDATE OF id, incident_id, number, host, body, hash ON plans
    BEGIN SELECT RAISE(ABORT, 'a plan is sealed: only its state can change'); END`,
  `CREATE TRIGGER plans_are_kept BEFORE DELETE ON plans
    BEGIN SELECT RAISE(ABORT, 'plans are kept'); END`,

  `CREATE TABLE decisions (
    plan_id TEXT PRIMARY KEY REFERENCES plans (id),
    verdict TEXT NOT NULL,
    by TEXT NOT NULL,
    reason TEXT,
    at TEXT NOT NULL
  ) STRICT`,
  `CREATE TRIGGER decisions_are_final BEFORE UPDATE ON decisions
    BEGIN SELECT RAISE(ABORT, 'a decision is final'); END`,
  `CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions are kept'); END`,

  `CREATE TABLE executions (
    plan_id TEXT PRIMARY KEY REFERENCES plans (id),
    intended_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT
  ) STRICT`,
  `CREATE TRIGGER executions_are_kept BEFORE DELETE ON executions
    BEGIN SELECT RAISE(ABORT, 'executions are kept'); END`,

  `CREATE TABLE audit_entries (
    sequence INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    plan_id TEXT REFERENCES plans (id) DEFERRABLE INITIALLY DEFERRED,
    plan_hash TEXT,
    outcome TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT`,
  'CREATE INDEX audit_entries_by_incident ON audit_entries (incident_id)',
  `CREATE TRIGGER audit_entries_without_gaps BEFORE INSERT ON audit_entries
    WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM audit_entries)
    BEGIN SELECT RAISE(ABORT, 'the record is append only: an entry can only follow on the last one'); END`,
  `CREATE TRIGGER audit_entries_are_final BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the record is append only: no entry can be changed'); END`,
  `CREATE TRIGGER audit_entries_are_kept BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the record is append only: no entry can be removed'); END`,

  `CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT`,
];
