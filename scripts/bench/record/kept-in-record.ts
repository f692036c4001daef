import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** What a bot's record holds after a storm of alerts. */
export type Kept = {
  /** Alerts, each once however often it was sent. */
  readonly alerts: number;
  /** Alerts that belong to an incident. */
  readonly joined: number;
  readonly incidents: number;
  /** Alerts that no one took up, incidents without a verdict, and messages that Slack does not show. */
  readonly unfinished: number;
  /** Of all messages that Slack has to show. */
  readonly keys: readonly string[];
};

const Count = z.object({ count: z.number() });
const Keys = z.array(z.object({ key: z.string() }));

const COUNTS = {
  alerts: 'SELECT count(*) AS count FROM alerts',
  joined: 'SELECT count(DISTINCT alert_id) AS count FROM incident_alerts',
  incidents: 'SELECT count(*) AS count FROM incidents',
  unfinished: `SELECT (SELECT count(*) FROM alerts WHERE taken_up_at IS NULL)
    + (SELECT count(*) FROM incidents WHERE state = 'diagnosing')
    + (SELECT count(*) FROM messages WHERE version > max(delivered_version, gave_up_version)) AS count`,
} as const;

/** Reads the record's file beside the bot that uses it, or one that was killed. */
export function keptIn(file: string): Kept {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const count = (name: keyof typeof COUNTS) => Count.parse(db.prepare(COUNTS[name]).get()).count;
    return {
      alerts: count('alerts'),
      joined: count('joined'),
      incidents: count('incidents'),
      unfinished: count('unfinished'),
      keys: Keys.parse(db.prepare('SELECT key FROM messages').all()).map(({ key }) => key),
    };
  } finally {
    db.close();
  }
}
