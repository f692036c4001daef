import type { AuditEntry } from '../../model/record/audit.ts';
import type { Sha256 } from '../../model/record/ids.ts';
import { ConfigOnRecord } from '../../model/settings/config-change.ts';
import type { WorkflowContext } from '../context.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { BY_WORKFLOW } from './record-act.ts';

/**
 * Puts on record by which config file the bot works from its start on, unless the record names that file last. The file can have been edited
 * while no bot ran, and keys that waited for a restart count now. Of several bots that start at once with the same file, one tells of it.
 */
export async function recordConfigAtStart(
  { store, clock, log }: Pick<WorkflowContext, 'store' | 'clock' | 'log'>,
  digest: Sha256,
): Promise<void> {
  const entry = await store.transact(async (tx) => {
    const outcome = newOnRecord(await lastOnRecord(tx), digest);
    if (outcome === null) return null;
    return tx.appendOwnAct({ at: clock.now().toISOString(), actor: BY_WORKFLOW, act: 'config-changed', outcome });
  });
  if (entry !== null) log.info({ ...entry.outcome, sequence: entry.sequence }, 'the config is put on record');
}

/** Null: no entry says it, or none in a form that is known here. */
async function lastOnRecord(tx: RecordTransaction): Promise<ConfigOnRecord | null> {
  return ConfigOnRecord.safeParse((await tx.newestConfigChange())?.outcome).data ?? null;
}

/** What the record does not say yet. Null: nothing. Only the digest of the earlier file is known, so no hosts are listed. */
function newOnRecord(last: ConfigOnRecord | null, digest: Sha256): AuditEntry['outcome'] | null {
  if (last === null) return { foundAt: 'start', digests: { after: digest } };
  const outcome = { foundAt: 'start', digests: { before: last.digests.after, after: digest } };
  if (last.digests.after !== digest) return outcome;
  const { atRestart: keys = [] } = last;
  return keys.length === 0 ? null : { ...outcome, keys };
}
