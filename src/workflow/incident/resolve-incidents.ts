import type { HostName } from '../../model/record/ids.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { noteHealth } from './flapping.ts';
import { wasSeenUnhealthy } from './registry-seen.ts';
import { resolveIncident, type SeenHealthy } from './resolve-incident.ts';

/** How it is known that the registry is healthy. `own-word`: it says so. `diagnosis`: its storage was checked too. */
type Proof = 'own-word' | 'diagnosis';

type Seen = SeenHealthy & { readonly proof: Proof };

/**
 * The registry of this host is healthy: resolves its open incidents, each in its own message, and supersedes their
 * undecided plans. An incident whose plan is running is left to that plan. An incident that the registry's own answer
 * never showed (a disabled health check, an unmounted disk) is left to a diagnosis, and one whose registry flaps to the
 * end of that.
 */
export async function resolveOpenIncidents(
  tx: RecordTransaction,
  host: HostName,
  now: Date,
  seen: Seen,
): Promise<void> {
  for (const incident of await tx.incidentsIn(['open'], host)) {
    const isProven = seen.proof === 'diagnosis' || wasSeenUnhealthy(await tx.auditEntries(incident.id));
    if (isProven && !(await noteHealth(tx, incident, { health: 'good', now }))) {
      await resolveIncident(tx, incident, now, seen);
    }
  }
}
