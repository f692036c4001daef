import { type Kysely, sql } from 'kysely';

/** A plan is decided on by several people, each on its hash; and only one plan of a host is executing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

/**
 * The old table is copied whole: until now whoever decided was a person in Slack, once a plan. A person who has approved may still
 * reject, so the verdict belongs to the key. DROP TABLE fires no trigger (sqlite.org/lang_droptable.html), and takes the old ones.
 */
const STATEMENTS = [
  `CREATE TABLE decisions_of_people (
    plan_id TEXT NOT NULL REFERENCES plans (id),
    person TEXT NOT NULL,
    verdict TEXT NOT NULL,
    plan_hash TEXT NOT NULL,
    by TEXT NOT NULL,
    reason TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (plan_id, person, verdict)
  ) STRICT`,
  `INSERT INTO decisions_of_people (plan_id, person, verdict, plan_hash, by, reason, at)
    SELECT decisions.plan_id, decisions.by ->> '$.user', decisions.verdict, plans.hash, decisions.by, decisions.reason, decisions.at
    FROM decisions JOIN plans ON plans.id = decisions.plan_id`,
  'DROP TABLE decisions',
  'ALTER TABLE decisions_of_people RENAME TO decisions',
  `CREATE TRIGGER decisions_are_made_once BEFORE INSERT ON decisions
    WHEN EXISTS (SELECT 1 FROM decisions
      WHERE plan_id = NEW.plan_id AND person = NEW.person AND verdict = NEW.verdict)
    BEGIN SELECT RAISE(ABORT, 'a person decides on a plan once'); END`,
  `CREATE TRIGGER decisions_are_on_what_was_sealed BEFORE INSERT ON decisions
    WHEN NEW.plan_hash IS NOT (SELECT hash FROM plans WHERE id = NEW.plan_id)
    BEGIN SELECT RAISE(ABORT, 'a decision is on the plan that was sealed, by its hash'); END`,
  `CREATE TRIGGER decisions_are_final BEFORE UPDATE ON decisions
    BEGIN SELECT RAISE(ABORT, 'a decision is final'); END`,
  `CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions are kept'); END`,

  "CREATE UNIQUE INDEX plans_one_executing ON plans (host) WHERE state = 'executing'",
];
