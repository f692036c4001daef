import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';
import { complaintOfThisStart, complaintStillOpen, quoteOf } from '../evidence/log-complaints.ts';
import { isKnownToServe, servesNoOne } from '../evidence/registry-answer.ts';

/** GitLab's registry's name for its database check (health.database, handlers/app.go). */
const HEALTH_KEY = '"database_connection"';

/**
 * GitLab's registry can't use its metadata database: unreachable, not migrated, or read-only. If that is so at its
 * start, the registry ends. Later its requests fail while `/v2/` might stay green.
 */
export const databaseUnreachable: Check<'database-unreachable'> = {
  id: 'database-unreachable',
  look({ facts }) {
    const said = saidByHealth(facts) ?? saidByLog(facts);
    if (said === null) return [];
    const severity = isKnownToServe(facts) ? 'warning' : 'fault';
    return [{ id: 'database-unreachable', severity, proof: 'evaluated', path: null, said }];
  },
};

function saidByHealth({ health, takenAt }: Facts) {
  if (health.state !== 'known' || health.value.status === 200) return null;
  return health.value.body.includes(HEALTH_KEY) ? { words: health.value.body.trim().slice(0, 400), at: takenAt } : null;
}

function saidByLog(facts: Facts) {
  const complaint = servesNoOne(facts)
    ? complaintOfThisStart(facts, 'database')
    : complaintStillOpen(facts, 'database');
  return complaint && quoteOf(complaint);
}
