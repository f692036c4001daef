import type { HostName, IncidentId } from '../../model/record/ids.ts';
import type { RecordTransaction } from '../ports/record.ts';

/** What the record says of a host. `isBusy`: it is diagnosed, or a plan runs there or is about to. */
export type Situation = { readonly isBusy: boolean; readonly open: readonly IncidentId[] };

/** A host that is busy is looked at later: what a look saw could already be over. */
export async function situationOf(tx: RecordTransaction, host: HostName): Promise<Situation> {
  const incidents = await tx.incidentsIn(['diagnosing', 'open', 'executing'], host);
  const isBusy = incidents.some(({ state }) => state !== 'open') || (await tx.executionQueue(host)).length > 0;
  return { isBusy, open: incidents.map(({ id }) => id) };
}
