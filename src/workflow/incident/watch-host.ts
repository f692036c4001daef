import { type Look, onLook, type WatchState } from '../../incident/watch-state.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { askRegistry, isHealthy } from '../host/ask-registry.ts';
import type { RecordTransaction } from '../ports.ts';
import { openIncident } from './open-incident.ts';
import { resolveOpenIncidents } from './resolve-incidents.ts';

/** The second check comes soon, but not so soon that it sees the same hiccup. */
const SECOND_LOOK_MS = 5_000;

type Watching = { readonly host: HostSettings; readonly intervalMs: number };

/**
 * Monitors one registry: asks it at its interval until `stop`, and opens an incident in the incident channel when two
 * checks in a row are bad. `onOpened` starts the diagnosis of that incident.
 */
export async function watchHostUntil(
  stop: AbortSignal,
  context: WorkflowContext,
  watching: Watching,
  onOpened: (incident: Incident) => void,
): Promise<void> {
  let isDoubtful = false;
  let dueAt = context.clock.now().getTime();
  while (!stop.aborted) {
    context.metrics.measure('lookDelay', {}, Math.max(0, context.clock.now().getTime() - dueAt) / 1000);
    try {
      isDoubtful = await lookOnce(context, watching.host, { isDoubtful, stop, onOpened });
    } catch (error) {
      context.log.error({ err: error, host: watching.host.name }, 'a check of a monitored host failed');
    }
    const pauseMs = isDoubtful ? Math.min(SECOND_LOOK_MS, watching.intervalMs) : watching.intervalMs;
    dueAt = context.clock.now().getTime() + pauseMs;
    await context.clock.sleep(pauseMs, stop);
  }
  context.metrics.set('hostBlind', { host: watching.host.name }, null);
}

type LookOnce = {
  readonly isDoubtful: boolean;
  readonly stop: AbortSignal;
  readonly onOpened: (incident: Incident) => void;
};

/** One check and its consequences. True if the next one should come soon because this one was bad. */
async function lookOnce(
  context: WorkflowContext,
  host: HostSettings,
  { isDoubtful, stop, onOpened }: LookOnce,
): Promise<boolean> {
  const look = await lookAt(context, host);
  // The host might have been removed from the config, or changed, meanwhile.
  if (stop.aborted) return false;
  const opened = await context.store.transact(async (tx) => {
    const incident = await openIncidentInChannel(tx, context, host.name);
    const step = onLook(stateOf(incident, isDoubtful), look);
    if (step.act === 'tell-healthy') {
      await resolveOpenIncidents(tx, host.name, context.clock.now(), { by: 'watch', proof: 'own-word' });
    }
    return {
      step,
      incident: step.act === 'open-incident' ? await openWatchIncident(tx, context, host.name) : null,
    };
  });
  if (opened.incident) onOpened(opened.incident);
  return opened.step.next === 'doubtful';
}

async function lookAt({ remote, log, metrics }: WorkflowContext, host: HostSettings): Promise<Look> {
  const answer = await askRegistry(remote, host);
  const look = !answer.wasAsked ? 'blind' : isHealthy(answer) ? 'healthy' : 'unhealthy';
  metrics.count('look', { way: 'guard', result: look });
  metrics.set('hostBlind', { host: host.name }, look === 'blind' ? 1 : 0);
  log.debug({ host: host.name, look, why: answer.why }, 'checked a monitored host');
  return look;
}

function stateOf(incident: Incident | null, isDoubtful: boolean): WatchState {
  if (incident) return { kind: 'incident', incidentId: incident.id };
  return isDoubtful ? { kind: 'doubtful' } : { kind: 'quiet' };
}

/** Nothing opens a second incident on its own beside one that is visible in the incident channel. */
export async function openIncidentInChannel(
  tx: RecordTransaction,
  { settings }: WorkflowContext,
  host: HostName,
): Promise<Incident | null> {
  const open = await tx.incidentsIn(['diagnosing', 'open', 'executing'], host);
  return open.find((incident) => incident.channel === settings.incidentChannel) ?? null;
}

async function openWatchIncident(
  tx: RecordTransaction,
  { settings, clock }: WorkflowContext,
  host: HostName,
): Promise<Incident> {
  const now = clock.now();
  const { incident } = await openIncident(tx, {
    host,
    channel: settings.incidentChannel,
    openedBy: { kind: 'bot', part: 'watch' },
    requestKey: `watch:${host}:${now.toISOString()}`,
    now,
  });
  return incident;
}
