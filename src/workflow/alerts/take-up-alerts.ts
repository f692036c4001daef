import { hostsOfAlert } from '../../incident/alert-hosts.ts';
import { type ReceivedAlert, toldAlert } from '../../model/record/alert.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { WorkflowContext } from '../context.ts';
import { showAlerts } from '../incident/alert-messages.ts';
import { noteHealth } from '../incident/flapping.ts';
import { isMuted, noteMutedFault } from '../incident/mutes.ts';
import { knownIncident, noticeFault, openIncidentOf } from '../incident/notice-fault.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { latestDiagnosisRequest } from '../record/read-entries.ts';
import { tellWithoutHost } from './tell-without-host.ts';

/** Few enough that a batch keeps no one waiting for the record. */
const BATCH = 100;

/**
 * Takes up the alerts in the record until `stop`, each once: those that an earlier run left, then new ones after each
 * `pause`. `onOpened` starts the diagnosis of an incident.
 */
export async function takeUpAlertsUntil(
  stop: AbortSignal,
  context: WorkflowContext,
  pause: (isAlertWaiting: boolean) => Promise<void>,
  onOpened: (incident: Incident) => void,
): Promise<void> {
  while (!stop.aborted) {
    let isAlertWaiting = true;
    try {
      isAlertWaiting = await takeUpAlerts(context, onOpened);
    } catch (error) {
      context.log.error({ err: error }, 'the alerts in the record could not be taken up; the next try follows');
    }
    await pause(isAlertWaiting);
  }
}

/** Takes up every alert in the record, once. True if some have to wait for a diagnosis to end. */
export async function takeUpAlerts(context: WorkflowContext, onOpened: (incident: Incident) => void): Promise<boolean> {
  let afterId = 0;
  let isMore = true;
  const waiting = new Set<HostName>();
  while (isMore) {
    const batch = await context.store.transact((tx) => takeUpBatch(tx, context, afterId, waiting));
    for (const incident of batch.opened) onOpened(incident);
    afterId = batch.lastId;
    isMore = batch.isFull;
  }
  return waiting.size > 0;
}

type Batch = {
  readonly context: WorkflowContext;
  /** Hosts with an alert that has to wait: later alerts about them wait too, so that they stay in order. */
  readonly waiting: Set<HostName>;
  readonly opened: Incident[];
  readonly joined: Map<Incident['id'], Incident>;
  readonly withoutHost: ReceivedAlert[];
};

async function takeUpBatch(
  tx: RecordTransaction,
  context: WorkflowContext,
  afterId: number,
  waiting: Set<HostName>,
): Promise<{ readonly opened: readonly Incident[]; readonly lastId: number; readonly isFull: boolean }> {
  const received = await tx.waitingAlerts(afterId, BATCH);
  const batch: Batch = { context, waiting, opened: [], joined: new Map(), withoutHost: [] };
  for (const one of received) await takeUp(tx, batch, one);
  for (const incident of batch.joined.values()) await showAlerts(tx, incident);
  await tellWithoutHost(tx, context, batch.withoutHost);
  return { opened: batch.opened, lastId: received.at(-1)?.id ?? afterId, isFull: received.length === BATCH };
}

async function takeUp(tx: RecordTransaction, batch: Batch, received: ReceivedAlert): Promise<void> {
  const { context, waiting, withoutHost } = batch;
  const hosts = hostsOfAlert(received.alert, context.settings.hosts.values());
  if (await hasToWait(tx, batch, received, hosts)) {
    for (const host of hosts) waiting.add(host);
    return;
  }
  if (hosts.length === 0 && received.alert.status === 'firing') withoutHost.push(received);
  for (const host of hosts) {
    if (received.alert.status === 'firing') await openOrJoin(tx, batch, received, host);
    else await joinItsIncident(tx, batch, received, host);
  }
  await tx.takeUpAlert(received.id);
}

/**
 * A diagnosis that was requested before the alert began can have looked too early to see its fault. Then its verdict
 * decides: a healthy registry is diagnosed again.
 */
async function hasToWait(
  tx: RecordTransaction,
  { context, waiting }: Batch,
  { alert, receivedAt }: ReceivedAlert,
  hosts: readonly HostName[],
): Promise<boolean> {
  if (hosts.some((host) => waiting.has(host))) return true;
  if (alert.status === 'resolved') return false;
  for (const host of hosts) {
    const incident = await openIncidentOf(tx, context, host);
    if (incident?.state !== 'diagnosing') continue;
    const requestedAt = (await latestDiagnosisRequest(tx, incident))?.at ?? incident.openedAt;
    if ((alert.startsAt ?? receivedAt) > requestedAt) return true;
  }
  return false;
}

async function openOrJoin(tx: RecordTransaction, batch: Batch, received: ReceivedAlert, host: HostName): Promise<void> {
  const { context } = batch;
  const { id, alert } = received;
  const by = { kind: 'alert', source: alert.source } as const;
  const now = context.clock.now();
  if (await isMuted(tx, context, host)) return noteMutedFault(tx, { host, by, kind: 'alert', alertId: id }, now);
  const open = await knownIncident(tx, context, host);
  if (open !== null) {
    if (open.state === 'open') await noteHealth(tx, open, { health: 'alert', now });
    return join(tx, batch, received, open);
  }
  const requestKey = `alert:${alert.source}:${id}:${host}`;
  const noticed = await noticeFault(tx, context, { host, by, requestKey, alert: toldAlert(alert) });
  const { incident, kind } = noticed;
  // The message of a new incident says what the alert says.
  if (kind === 'new') await tx.joinAlert(id, incident.id);
  else await join(tx, batch, received, incident);
  if (kind !== 'elsewhere') batch.opened.push(incident);
}

/** The end of an alert is told where its beginning was. It proves nothing: the incident stays open. */
async function joinItsIncident(
  tx: RecordTransaction,
  batch: Batch,
  received: ReceivedAlert,
  host: HostName,
): Promise<void> {
  await tx.endMutedAlerts(host, received.alert, batch.context.clock.now());
  const open = await knownIncident(tx, batch.context, host);
  if (open !== null && (await tx.hasAlertLike(open.id, received.alert))) await join(tx, batch, received, open);
}

async function join(
  tx: RecordTransaction,
  { joined }: Batch,
  { id }: ReceivedAlert,
  incident: Incident,
): Promise<void> {
  await tx.joinAlert(id, incident.id);
  joined.set(incident.id, incident);
}
