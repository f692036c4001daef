import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { RecordTransaction } from '../ports/record.ts';

type FailedCheck = {
  readonly host: HostName;
  /** Who checks without being asked. */
  readonly part: 'deep-look' | 'nightly-look';
  readonly findings: Diagnosis['findings'];
};

/**
 * Records that a full diagnosis which ran on its own proved nothing of a host: it belongs to no incident, so no other entry tells of it.
 */
export async function recordFailedCheck(tx: RecordTransaction, check: FailedCheck, now: Date): Promise<void> {
  const { host, part, findings } = check;
  const outcome = { host, findings: findings.map(({ id }) => id) };
  await tx.appendOwnAct({ at: now.toISOString(), actor: { kind: 'bot', part }, act: 'check-failed', outcome });
}
