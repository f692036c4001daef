import type { Actor } from '../model/record/actor.ts';
import type { HostName, PlanId } from '../model/record/ids.ts';
import type { Incident } from '../model/record/incident.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import type { WorkflowContext } from './context.ts';
import { latestDiagnosisRequest } from './record/read-entries.ts';

/** A piece of the bot's background work. Everything that it needs is on record, so it can be started again. */
export type Task =
  | { readonly kind: 'diagnosis'; readonly incident: Incident; readonly askedBy: Actor }
  | { readonly kind: 'execution'; readonly planId: PlanId; readonly host: HostName }
  | { readonly kind: 'verification'; readonly incident: Incident; readonly settings: HostSettings | null };

/** Finds work that an earlier run left unfinished, from the record only. */
export async function findUnfinished({ store, settings }: WorkflowContext): Promise<readonly Task[]> {
  return store.transact(async (tx) => {
    const unfinished: Task[] = [];
    for (const incident of await tx.incidentsIn(['diagnosing'])) {
      const askedBy = (await latestDiagnosisRequest(tx, incident))?.actor ?? incident.openedBy;
      unfinished.push({ kind: 'diagnosis', incident, askedBy });
    }
    // The first of each host. The others wait for it, in order.
    for (const [first] of Map.groupBy(await tx.executionQueue(), ({ plan }) => plan.host).values()) {
      if (first) unfinished.push({ kind: 'execution', planId: first.plan.id, host: first.plan.host });
    }
    for (const incident of await tx.incidentsIn(['executing'])) {
      const known = settings.hosts.get(incident.host) ?? null;
      const state = incident.currentPlan && (await tx.plan(incident.currentPlan))?.state;
      if (state === 'applied') unfinished.push({ kind: 'verification', incident, settings: known });
    }
    return unfinished;
  });
}
