import type { AuditEntry } from '../../model/record/audit.ts';
import { entryReason } from './entry-reason.ts';
import { count, duration } from './time.ts';

type Value = AuditEntry['outcome'][string];

/**
 * How an act came out, in a few words for a line of `audit list`: “faulty, untraversable-ancestor, after 0.3 s”. Hashes, signatures and
 * states stay with `audit export`, which has the whole entry.
 */
export function auditOutcome(entry: Pick<AuditEntry, 'act' | 'outcome'>): string {
  const { outcome } = entry;
  const { approval, needed } = outcome;
  const parts = Object.entries(SHOWN).map(([key, show]) => {
    const value = outcome[key];
    return value === undefined ? '' : show(value);
  });
  const approvals =
    typeof approval === 'number' && typeof needed === 'number' ? `approval ${approval} of ${needed}` : '';
  return [...parts, entryReason(entry) ?? '', approvals].filter((part) => part !== '').join(', ');
}

/** In the order in which they are shown. */
const SHOWN: Readonly<Record<string, (value: Value) => string>> = {
  host: plain,
  verdict: plain,
  kind: plain,
  registry: (value) => `registry ${plain(value)}`,
  findings: (value) => (Array.isArray(value) ? value.map(plain).join(', ') : plain(value)),
  steps: (value) => count(Array.isArray(value) ? value.length : Number(value), 'step'),
  risk: (value) => `${plain(value)} risk`,
  undoes: (value) => `undoes plan ${plain(value)}`,
  breakGlass: () => 'break glass',
  reason: plain,
  durationMs: elapsed,
  afterMs: elapsed,
};

function plain(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function elapsed(value: Value): string {
  return typeof value === 'number' ? `after ${duration(value)}` : plain(value);
}
