import { type Kysely, sql } from 'kysely';

/** The messages that the threads shall show, and how far each is on its way to Slack. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    placement TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    waiting_since TEXT NOT NULL,
    delivered_version INTEGER NOT NULL DEFAULT 0,
    delivered_at TEXT,
    ts TEXT,
    trying INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,
    gave_up_version INTEGER NOT NULL DEFAULT 0,
    gave_up_reason TEXT,
    record_sequence INTEGER REFERENCES audit_entries (sequence) DEFERRABLE INITIALLY DEFERRED,
    record_hash TEXT
  ) STRICT`,
  'CREATE INDEX messages_by_incident ON messages (incident_id)',
  "CREATE UNIQUE INDEX messages_one_in_channel ON messages (incident_id) WHERE placement = 'channel'",
  // Holds only what is still to be delivered, so that asking for it costs nothing once Slack shows everything.
  `CREATE INDEX messages_waiting ON messages (id)
    WHERE version > delivered_version AND version > gave_up_version`,
  'CREATE INDEX messages_by_record ON messages (record_sequence) WHERE record_sequence IS NOT NULL',
];
