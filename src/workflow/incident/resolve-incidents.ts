import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import { isHealthy } from '../host/ask-registry.ts';
import type { RecordTransaction } from '../ports.ts';
import { noteHealth } from './flapping.ts';
import { resolveIncident, type SeenHealthy } from './resolve-incident.ts';

/** How it is known that the registry is healthy. `own-word`: it says so. `diagnosis`: its storage was checked too. */
type Proof = 'own-word' | 'diagnosis';

type Seen = SeenHealthy & { readonly proof: Proof };

/**
 * The registry of this host is healthy: resolves its open incidents, each in its own message, and supersedes their
 * undecided plans. An incident whose plan is running is left to that plan. An incident that the registry's own answer
 * never showed is left to a diagnosis, and one whose registry flaps to the end of that.
 */
export async function resolveOpenIncidents(
  tx: RecordTransaction,
  host: HostName,
  now: Date,
  seen: Seen,
): Promise<void> {
  for (const incident of await tx.incidentsIn(['open'], host)) {
    const isProven = seen.proof === 'diagnosis' || (await wasRegistryUnwell(tx, incident));
    if (isProven && !(await noteHealth(tx, incident, { health: 'good', now }))) {
      await resolveIncident(tx, incident, now, seen);
    }
  }
}

/**
 * Whether the registry itself said that it was unhealthy when the incident was diagnosed. If it did not (a disabled
 * health check, an unmounted disk), a good answer later proves nothing.
 */
async function wasRegistryUnwell(tx: RecordTransaction, incident: Incident): Promise<boolean> {
  const diagnosis = await tx.diagnosis(incident.id);
  return diagnosis === null || !isHealthy(diagnosis);
}
