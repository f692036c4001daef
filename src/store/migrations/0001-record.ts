import { type Kysely, sql } from 'kysely';
import { isPostgres } from '../is-postgres.ts';
import { inPostgres } from './in-postgres.ts';

/** The whole record: what happened to each incident, the chain over it, and the messages on their way to Slack. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of isPostgres(db) ? inPostgres(STATEMENTS) : STATEMENTS) await sql.raw(statement).execute(db);
}

/** The condition under which a trigger fires that lets through what the newest entry says was removed. */
const UNLESS_ON_RECORD = `WHEN coalesce(
  (SELECT act FROM audit_entries ORDER BY sequence DESC LIMIT 1) NOT IN ('erased', 'details-dropped'), true)`;

/**
 * The triggers keep the record append only for every program that opens the file, not only for this one. They also
 * check what is inserted, because INSERT OR REPLACE deletes without firing a DELETE trigger
 * (sqlite.org/lang_conflict.html).
 */
const STATEMENTS = [
  `CREATE TABLE incidents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    host TEXT NOT NULL,
    channel TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    request_key TEXT NOT NULL UNIQUE,
    summarized_in INTEGER REFERENCES incidents (id),
    grouped_in INTEGER REFERENCES incidents (id),
    traits TEXT,
    state TEXT NOT NULL,
    verdict TEXT,
    current_plan TEXT REFERENCES plans (id) DEFERRABLE INITIALLY DEFERRED,
    closed_at TEXT
  ) STRICT`,
  'CREATE INDEX incidents_by_state ON incidents (state, host)',
  'CREATE INDEX incidents_by_host ON incidents (host, id)',
  'CREATE INDEX incidents_by_opening ON incidents (channel, opened_at)',
  'CREATE INDEX incidents_by_group ON incidents (grouped_in) WHERE grouped_in IS NOT NULL',

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
  "CREATE UNIQUE INDEX plans_one_executing ON plans (host) WHERE state = 'executing'",
  `CREATE TRIGGER plans_stay_sealed BEFORE UPDATE OF id, incident_id, number, host, hash ON plans
    BEGIN SELECT RAISE(ABORT, 'a plan is sealed: only its state can change'); END`,
  `CREATE TRIGGER plans_bodies_stay_sealed BEFORE UPDATE OF body ON plans
    ${UNLESS_ON_RECORD}
    BEGIN SELECT RAISE(ABORT, 'a plan is sealed until an entry says that its requester was erased'); END`,
  `CREATE TRIGGER plans_are_kept BEFORE DELETE ON plans
    BEGIN SELECT RAISE(ABORT, 'plans are kept'); END`,

  // A person who has approved can still reject, so the verdict belongs to the key.
  `CREATE TABLE decisions (
    plan_id TEXT NOT NULL REFERENCES plans (id),
    person TEXT NOT NULL,
    verdict TEXT NOT NULL,
    plan_hash TEXT NOT NULL,
    by TEXT NOT NULL,
    reason TEXT,
    at TEXT NOT NULL,
    signature TEXT,
    PRIMARY KEY (plan_id, person, verdict)
  ) STRICT`,
  `CREATE TRIGGER decisions_are_made_once BEFORE INSERT ON decisions
    WHEN EXISTS (SELECT 1 FROM decisions
      WHERE plan_id = NEW.plan_id AND person = NEW.person AND verdict = NEW.verdict)
    BEGIN SELECT RAISE(ABORT, 'a person decides on a plan once'); END`,
  `CREATE TRIGGER decisions_are_on_what_was_sealed BEFORE INSERT ON decisions
    WHEN NEW.plan_hash IS DISTINCT FROM (SELECT hash FROM plans WHERE id = NEW.plan_id)
    BEGIN SELECT RAISE(ABORT, 'a decision is on the plan that was sealed, by its hash'); END`,
  `CREATE TRIGGER decisions_are_final BEFORE UPDATE ON decisions
    ${UNLESS_ON_RECORD}
    BEGIN SELECT RAISE(ABORT, 'a decision is final until an entry says that its person was erased'); END`,
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
    incident_id INTEGER REFERENCES incidents (id),
    incident_entry INTEGER,
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
    WHEN NEW.sequence IS DISTINCT FROM (SELECT coalesce(max(sequence), 0) + 1 FROM audit_entries)
    BEGIN SELECT RAISE(ABORT, 'the record is append only: an entry can only follow on the last one'); END`,
  `CREATE TRIGGER audit_entries_are_final BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the record is append only: no entry can be changed'); END`,
  `CREATE TRIGGER audit_entries_are_kept BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the record is append only: no entry can be removed'); END`,

  `CREATE TABLE entry_values (
    sequence INTEGER NOT NULL REFERENCES audit_entries (sequence),
    field TEXT NOT NULL,
    salt TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (sequence, field)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TRIGGER entry_values_are_made_once BEFORE INSERT ON entry_values
    WHEN NEW.sequence IS DISTINCT FROM (SELECT max(sequence) FROM audit_entries)
      OR EXISTS (SELECT 1 FROM entry_values WHERE sequence = NEW.sequence AND field = NEW.field)
    BEGIN SELECT RAISE(ABORT, 'a value of an entry is final'); END`,
  `CREATE TRIGGER entry_values_are_final BEFORE UPDATE ON entry_values
    BEGIN SELECT RAISE(ABORT, 'a value of an entry is final'); END`,
  removedOnRecord('entry_values'),

  `CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT`,

  `CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY,
    note TEXT NOT NULL
  ) STRICT`,
  ...keptAsWritten('checkpoints', 'checkpoint', 'size'),
  `CREATE TABLE cosigned (
    size INTEGER PRIMARY KEY REFERENCES checkpoints (size),
    note TEXT NOT NULL
  ) STRICT`,
  ...keptAsWritten('cosigned', 'cosignature', 'size'),

  `CREATE TABLE sent_entries (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL
  ) STRICT`,

  `CREATE TABLE diagnoses (
    sequence INTEGER PRIMARY KEY REFERENCES audit_entries (sequence),
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    body TEXT NOT NULL
  ) STRICT`,
  'CREATE INDEX diagnoses_by_incident ON diagnoses (incident_id, sequence)',
  ...madeOnce('diagnoses', 'diagnosis'),
  removedOnRecord('diagnoses'),

  `CREATE TABLE verifications (
    sequence INTEGER PRIMARY KEY REFERENCES audit_entries (sequence),
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    body TEXT NOT NULL
  ) STRICT`,
  'CREATE INDEX verifications_by_plan ON verifications (plan_id, sequence)',
  'CREATE INDEX verifications_by_incident ON verifications (incident_id, sequence)',
  ...keptAsWritten('verifications', 'verification'),

  `CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    incident_id INTEGER REFERENCES incidents (id),
    channel TEXT,
    placement TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT,
    version INTEGER NOT NULL,
    waiting_since TEXT NOT NULL,
    delivered_version INTEGER NOT NULL DEFAULT 0,
    delivered_at TEXT,
    ts TEXT,
    shown TEXT,
    trying INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,
    gave_up_version INTEGER NOT NULL DEFAULT 0,
    gave_up_reason TEXT,
    record_sequence INTEGER REFERENCES audit_entries (sequence) DEFERRABLE INITIALLY DEFERRED,
    record_hash TEXT,
    CHECK ((incident_id IS NULL) = (channel IS NOT NULL))
  ) STRICT`,
  'CREATE INDEX messages_by_incident ON messages (incident_id)',
  "CREATE UNIQUE INDEX messages_one_in_channel ON messages (incident_id) WHERE placement = 'channel'",
  // Holds only undelivered messages, so that reading it costs nothing once Slack shows everything.
  `CREATE INDEX messages_waiting ON messages (id)
    WHERE version > delivered_version AND version > gave_up_version`,
  'CREATE INDEX messages_by_record ON messages (record_sequence) WHERE record_sequence IS NOT NULL',

  `CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status TEXT NOT NULL,
    starts_at TEXT,
    body TEXT NOT NULL,
    received_at TEXT NOT NULL,
    taken_up_at TEXT,
    told_on TEXT
  ) STRICT`,
  'CREATE INDEX alerts_by_fingerprint ON alerts (source, fingerprint, status, starts_at)',
  'CREATE INDEX alerts_told ON alerts (source, told_on) WHERE told_on IS NOT NULL',
  // Holds only what waits, so that reading it costs nothing once everything is taken up.
  'CREATE INDEX alerts_waiting ON alerts (id) WHERE taken_up_at IS NULL',
  `CREATE TABLE incident_alerts (
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    alert_id INTEGER NOT NULL REFERENCES alerts (id),
    PRIMARY KEY (incident_id, alert_id)
  ) STRICT`,
  'CREATE INDEX incident_alerts_by_alert ON incident_alerts (alert_id)',

  'CREATE TABLE fleet_looks (night TEXT PRIMARY KEY, ended_at TEXT NOT NULL) STRICT',
  'CREATE TABLE host_snapshots (host TEXT PRIMARY KEY, seen_at TEXT NOT NULL, body TEXT NOT NULL) STRICT',
  `CREATE TABLE health (
    host TEXT PRIMARY KEY,
    changes TEXT NOT NULL,
    flapping_since TEXT
  ) STRICT`,

  `CREATE TABLE mutes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    host TEXT NOT NULL,
    source TEXT NOT NULL,
    began_at TEXT NOT NULL,
    until TEXT,
    ended_at TEXT
  ) STRICT`,
  'CREATE INDEX mutes_open ON mutes (host) WHERE ended_at IS NULL',
  `CREATE TABLE muted_faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    host TEXT NOT NULL,
    kind TEXT NOT NULL,
    alert_id INTEGER REFERENCES alerts (id),
    began_at TEXT NOT NULL,
    over_at TEXT,
    told_at TEXT,
    CHECK ((kind = 'alert') = (alert_id IS NOT NULL))
  ) STRICT`,
  'CREATE INDEX muted_faults_untold ON muted_faults (host) WHERE told_at IS NULL',
];

/** Triggers for a table whose rows are written once, and kept. `key`: its primary key. */
function keptAsWritten(table: string, row: string, key = 'sequence'): readonly string[] {
  return [
    ...madeOnce(table, row, key),
    `CREATE TRIGGER ${table}_are_kept BEFORE DELETE ON ${table}
      BEGIN SELECT RAISE(ABORT, '${table} are kept'); END`,
  ];
}

function madeOnce(table: string, row: string, key = 'sequence'): readonly string[] {
  return [
    `CREATE TRIGGER ${table}_are_made_once BEFORE INSERT ON ${table}
      WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${key} = NEW.${key})
      BEGIN SELECT RAISE(ABORT, 'a ${row} is final'); END`,
    `CREATE TRIGGER ${table}_are_final BEFORE UPDATE ON ${table}
      BEGIN SELECT RAISE(ABORT, 'a ${row} is final'); END`,
  ];
}

/** Rows can be removed only right after the entry that says so. */
function removedOnRecord(table: string): string {
  return `CREATE TRIGGER ${table}_are_removed_on_record BEFORE DELETE ON ${table}
    ${UNLESS_ON_RECORD}
    BEGIN SELECT RAISE(ABORT, '${table} are kept until an entry says that they are removed'); END`;
}
