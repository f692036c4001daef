import { afterAlert, afterHealth, afterTime, STEADY } from '../../incident/quiet/flapping.ts';
import type { HealthChanges } from '../../model/quiet/health-changes.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { WorkflowContext } from '../context.ts';
import { supersedeOpenPlans } from '../plan/end-plan.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editStatus } from '../record/messages.ts';
import { appendAct, BY_WORKFLOW, recordAct } from '../record/record-act.ts';

/** `alert`: an alert told that it is bad. */
type Noticed = { readonly health: HealthChanges['health'] | 'alert'; readonly now: Date };

/**
 * Notes what a registry is noticed as, and says in its incident, once, when it begins to flap. Returns whether it does:
 * then its incident stays open, whatever is noticed.
 */
export async function noteHealth(
  tx: RecordTransaction,
  incident: Incident,
  { health, now }: Noticed,
): Promise<boolean> {
  const before = (await tx.health(incident.host)) ?? STEADY;
  const after = health === 'alert' ? afterAlert(before, now) : afterHealth(before, health, now);
  if (after === before) return after.flappingSince !== null;
  await tx.saveHealth(incident.host, after);
  const { flappingSince: since, changes } = after;
  if (since === null) {
    if (before.flappingSince !== null) await tellEnd(tx, incident, now);
    return false;
  }
  const flapping = { since, changes: changes.length };
  if (before.flappingSince !== since) {
    await recordAct(tx, incident, { act: 'flapping-began', actor: BY_WORKFLOW, now, outcome: flapping });
  }
  await editStatus(tx, incident.id, { flapping });
  return true;
}

/**
 * A fix was applied, and the registry is healthy since: it starts from scratch. Says in every open incident of the host,
 * and in this one, that the flapping has ended.
 */
export async function noteFixed(tx: RecordTransaction, incident: Incident, now: Date): Promise<void> {
  const before = await tx.health(incident.host);
  if (before === null) return;
  await tx.saveHealth(incident.host, STEADY);
  if (before.flappingSince === null) return;
  for (const one of [incident, ...(await tx.incidentsIn(['open'], incident.host))]) await tellEnd(tx, one, now);
}

async function tellEnd(tx: RecordTransaction, incident: Incident, now: Date): Promise<void> {
  await recordAct(tx, incident, { act: 'flapping-ended', actor: BY_WORKFLOW, now });
  await editStatus(tx, incident.id, { flapping: null });
}

/**
 * Ends the flapping of every host that has not changed for long enough. `onOpened` starts the diagnoses that follow.
 */
export async function endFlapping(context: WorkflowContext, onOpened: (incident: Incident) => void): Promise<void> {
  const { store, clock } = context;
  for (const host of await store.transact((tx) => tx.flappingHosts())) {
    const toDiagnose = await store.transact((tx) => endFlappingOf(tx, host, clock.now()));
    for (const incident of toDiagnose) onOpened(incident);
  }
}

/**
 * That nothing was noticed proves nothing: the bot might have been stopped, the host out of reach, or the fault behind a
 * healthy answer. So only a diagnosis tells whether the incidents are over. Returns those to diagnose.
 */
async function endFlappingOf(tx: RecordTransaction, host: HostName, now: Date): Promise<readonly Incident[]> {
  const before = await tx.health(host);
  const after = before && afterTime(before, now);
  if (after === null || after.flappingSince !== null) return [];
  const incidents = await tx.incidentsIn(['diagnosing', 'open', 'executing'], host);
  // What is under way ends first.
  if (incidents.some(({ state }) => state !== 'open')) return [];
  await tx.saveHealth(host, after);
  for (const incident of incidents) {
    await tellEnd(tx, incident, now);
    await tx.moveIncident(incident.id, ['open'], { state: 'diagnosing' });
    await appendAct(tx, incident, { act: 'diagnosis-requested', actor: BY_WORKFLOW, now });
    await supersedeOpenPlans(tx, host, now, { code: 'diagnosis-requested' });
    await editStatus(tx, incident.id, { stage: 'queued' });
  }
  return incidents;
}
