import type { Actor } from '../../model/record/actor.ts';
import type { ToldAlert } from '../../model/record/alert.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { WorkflowContext } from '../context.ts';
import type { RecordTransaction } from '../ports.ts';
import { editStatus } from '../record/messages.ts';
import { recordAct } from '../record/record-act.ts';
import { noteHealth } from './flapping.ts';
import { openIncident } from './open-incident.ts';

/** A fault that monitoring or an alert noticed on a host that has no open incident. */
export type NoticedFault = {
  readonly host: HostName;
  readonly by: Actor;
  readonly requestKey: string;
  readonly alert?: ToldAlert;
};

/** Reopens the incident that was resolved a short time ago, or else opens one; in state `diagnosing`. */
export async function noticeFault(
  tx: RecordTransaction,
  { settings, clock }: WorkflowContext,
  fault: NoticedFault,
): Promise<Incident> {
  const { incidentChannel: channel, quiet } = settings;
  const now = clock.now();
  const since = new Date(now.getTime() - quiet.reopenMinutes * 60_000);
  const before = quiet.reopenMinutes === 0 ? null : await tx.resolvedSince(fault.host, channel, since);
  const { by: openedBy, ...about } = fault;
  const incident = (before && (await reopen(tx, before, fault.by, now))) ?? (await openNew());
  await noteHealth(tx, incident, { health: 'bad', now });
  return incident;

  async function openNew(): Promise<Incident> {
    return (await openIncident(tx, { ...about, channel, openedBy, now })).incident;
  }
}

async function reopen(tx: RecordTransaction, incident: Incident, by: Actor, now: Date): Promise<Incident | null> {
  const change = { state: 'diagnosing', closedAt: null } as const;
  if (!(await tx.moveIncident(incident.id, ['resolved'], change))) return null;
  await recordAct(tx, incident, { act: 'incident-reopened', actor: by, now });
  const reopened = { by, at: now.toISOString() };
  await editStatus(tx, incident.id, { stage: 'queued', resolvedAt: null, reopened });
  return { ...incident, ...change };
}

/** Nothing opens a second incident on its own beside one that is visible in the incident channel. */
export async function openIncidentInChannel(
  tx: RecordTransaction,
  { settings }: Pick<WorkflowContext, 'settings'>,
  host: HostName,
): Promise<Incident | null> {
  const open = await tx.incidentsIn(['diagnosing', 'open', 'executing'], host);
  return open.find((incident) => incident.channel === settings.incidentChannel) ?? null;
}
