import type { AuditEntry } from '../../model/record/audit.ts';
import type { ConfigChange } from '../../model/settings/config-change.ts';
import type { RecordTransaction } from '../ports/record.ts';

/** Puts on record that a signal made the running bot work by another config file from here on. */
export function recordConfigChange(tx: RecordTransaction, change: ConfigChange, now: Date): Promise<AuditEntry> {
  const { digests, ...lists } = change;
  const named = Object.entries(lists).filter(([, names]) => names.length > 0);
  return tx.appendOwnAct({
    at: now.toISOString(),
    actor: { kind: 'signal', signal: 'SIGHUP' },
    act: 'config-changed',
    outcome: { digests, ...Object.fromEntries(named.map(([what, names]) => [what, [...names]])) },
  });
}
