import type { Mute, MutedFault } from '../../model/quiet/mute.ts';
import { type AlertSourceName, toldAlert } from '../../model/record/alert.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { MuteSummary } from '../../model/record/messages/notices.ts';
import type { WorkflowContext } from '../context.ts';
import { showAlerts } from '../incident/alert-messages.ts';
import { endFlapping } from '../incident/flapping.ts';
import { beginMute, endMute, isMuted, isSameMute, maintenanceNow, type WantedMute } from '../incident/mutes.ts';
import { knownIncident, noticeFault, openIncidentOf } from '../incident/notice-fault.ts';
import type { RecordTransaction } from '../ports/record.ts';

type OnOpened = (incident: Incident) => void;

export type QuietKeeping = {
  readonly pause: () => Promise<void>;
  /** The Alertmanagers whose silences are read. */
  readonly silencedBy: readonly AlertSourceName[];
};

/** Begins and ends what has its time: maintenance windows, mutes and flapping. Again after each `pause`, until `stop`. */
export async function keepQuietUntil(
  stop: AbortSignal,
  context: WorkflowContext,
  { pause, silencedBy }: QuietKeeping,
  onOpened: OnOpened,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await keepMutes(context, silencedBy, onOpened);
      await endFlapping(context, onOpened);
    } catch (error) {
      context.log.error({ err: error }, 'mutes could not be kept in the record; the next try follows');
    }
    await pause();
  }
}

/** Begins the maintenance windows that have opened, and ends and sums up every mute whose time is up or whose source is gone. */
async function keepMutes(
  context: WorkflowContext,
  silencedBy: QuietKeeping['silencedBy'],
  onOpened: OnOpened,
): Promise<void> {
  const { store, settings, clock } = context;
  const opened = await store.transact(async (tx) => {
    const now = clock.now();
    const open = await tx.openMutes();
    const inMaintenance = maintenanceNow(settings, now);
    for (const wanted of inMaintenance) {
      if (!open.some((mute) => isSameMute(mute, wanted))) await beginMute(tx, wanted, now);
    }
    const due = open.filter((mute) => isDue(mute, { now, inMaintenance, silencedBy }));
    for (const mute of due) await endMute(tx, mute, now);
    return sumUp(tx, context, due);
  });
  for (const incident of opened) onOpened(incident);
}

type Sources = {
  readonly now: Date;
  readonly inMaintenance: readonly WantedMute[];
  readonly silencedBy: readonly AlertSourceName[];
};

/** A window holds while the config has it open. A silence needs its Alertmanager: only its own reading renews or ends it. */
function isDue(mute: Mute, { now, inMaintenance, silencedBy }: Sources): boolean {
  const { source, until } = mute;
  if (source.kind === 'window') return !inMaintenance.some((wanted) => isSameMute(mute, wanted));
  if (source.kind === 'silence' && !silencedBy.includes(source.source)) return true;
  return until !== null && Date.parse(until) <= now.getTime();
}

type Line = MuteSummary['hosts'][number];

/**
 * Tells what happened to the hosts of these mutes, which have ended, unless another mute still covers them. Then opens
 * an incident for what is still broken by an alert; what monitoring still sees opens one at its next look. Returns
 * the incidents to diagnose.
 */
export async function sumUp(
  tx: RecordTransaction,
  context: WorkflowContext,
  ended: readonly Mute[],
): Promise<readonly Incident[]> {
  const opened: Incident[] = [];
  const told = new Set<HostName>();
  for (const mutes of Map.groupBy(ended, ({ source, beganAt }) => JSON.stringify([source, beganAt])).values()) {
    const lines: Line[] = [];
    for (const { host } of mutes) {
      if (told.has(host) || (await isMuted(tx, context, host))) continue;
      told.add(host);
      const faults = await tx.untoldFaults(host);
      const open = await openIncidentOf(tx, context, host);
      lines.push(lineOf(host, faults, open));
      await tx.markFaultsTold(host, context.clock.now());
      opened.push(...(await openForAlerts(tx, context, host, faults)));
    }
    await postSummary(tx, context, mutes, lines);
  }
  return opened;
}

function lineOf(host: HostName, noticed: readonly MutedFault[], open: Incident | null): Line {
  const faults = noticed.filter(({ kind }) => kind !== 'blind');
  const alerts = faults.filter(({ kind }) => kind === 'alert').length;
  return {
    host,
    faults: faults.length - alerts,
    alerts,
    firstAt: faults[0]?.beganAt ?? null,
    notChecked: notCheckedIn(noticed),
    openIncident: open?.id ?? null,
    isStillBroken: open !== null || !faults.every(isPast),
  };
}

function notCheckedIn(noticed: readonly MutedFault[]): Line['notChecked'] {
  const unseen = noticed.filter(({ kind }) => kind === 'blind');
  const told = unseen.find((one) => !isPast(one)) ?? unseen[0];
  return told === undefined ? null : { since: told.beganAt, isOver: isPast(told) };
}

function isPast({ overAt }: MutedFault): boolean {
  return overAt !== null;
}

/** Hosts of which there is nothing to tell are left out, unless someone asked for the mute and waits for its end. */
async function postSummary(
  tx: RecordTransaction,
  { settings, clock }: WorkflowContext,
  [first]: readonly Mute[],
  lines: readonly Line[],
): Promise<void> {
  if (first === undefined) return;
  const { id, source, beganAt } = first;
  const hosts = lines.filter(
    ({ firstAt, notChecked }) => firstAt !== null || notChecked !== null || source.kind === 'person',
  );
  if (hosts.length === 0) return;
  await tx.putNotice({
    key: `unmuted:${id}`,
    channel: settings.incidentChannel,
    body: { kind: 'mute-summary', source, since: beganAt, endedAt: clock.now().toISOString(), hosts: [...hosts] },
  });
}

/** The alerts that still fire open one incident, or join the open one, as they would have done without the mute. */
async function openForAlerts(
  tx: RecordTransaction,
  context: WorkflowContext,
  host: HostName,
  faults: readonly MutedFault[],
): Promise<readonly Incident[]> {
  const firing = faults.flatMap(({ alertId, overAt }) => (overAt === null && alertId !== null ? [alertId] : []));
  const [firstId] = firing;
  if (firstId === undefined || !context.settings.hosts.has(host)) return [];
  const { alert } = await tx.receivedAlert(firstId);
  const open = await knownIncident(tx, context, host);
  const by = { kind: 'alert', source: alert.source } as const;
  const requestKey = `alert-unmuted:${firstId}:${host}`;
  const about = { host, by, requestKey, alert: toldAlert(alert) };
  const noticed = open === null ? await noticeFault(tx, context, about) : { incident: open, kind: 'open' };
  const { incident, kind } = noticed;
  for (const id of firing) await tx.joinAlert(id, incident.id);
  if (firing.length > 1 || kind !== 'new') await showAlerts(tx, incident);
  return kind === 'new' || kind === 'reopened' ? [incident] : [];
}
