import type { Actor } from '../../model/record/actor.ts';
import type { ToldAlert } from '../../model/record/alert.ts';
import type { Act, IncidentEntry } from '../../model/record/audit.ts';
import type { ChannelId, HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { Settings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { supersedeOpenPlans } from '../plan/end-plan.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editStatus, postReopened } from '../record/messages.ts';
import { appendAct, recordAct } from '../record/record-act.ts';
import { noteHealth } from './flapping.ts';
import { onCallFor } from './on-call.ts';
import { openIncident } from './open-incident.ts';

/** A fault that monitoring or an alert noticed on a host that has no open incident which the incident channel knows. */
export type NoticedFault = {
  readonly host: HostName;
  readonly by: Actor;
  readonly requestKey: string;
  readonly alert?: ToldAlert;
  /** The first bad look of monitoring, if that noticed it. */
  readonly badSince?: Date;
};

/**
 * `new` and `reopened` (it was resolved a short time ago): in state `diagnosing`. `elsewhere`: it is open in another channel, with its diagnosis
 * there.
 */
type Noticed = { readonly incident: Incident; readonly kind: 'new' | 'reopened' | 'elsewhere' };

/**
 * A host has one incident for its fault: says in the incident channel that it is open in another one, or else reopens the one that was resolved
 * a short time ago, or else opens one.
 */
export async function noticeFault(
  tx: RecordTransaction,
  context: WorkflowContext,
  fault: NoticedFault,
): Promise<Noticed> {
  const now = context.clock.now();
  const noticed =
    (await pointElsewhere(tx, context, fault, now)) ??
    (await reopenRecent(tx, context, fault, now)) ??
    (await openNew(tx, context, fault, now));
  await noteHealth(tx, noticed.incident, { health: 'bad', now });
  return noticed;
}

async function openNew(
  tx: RecordTransaction,
  { settings }: WorkflowContext,
  { by: openedBy, ...about }: NoticedFault,
  now: Date,
): Promise<Noticed> {
  const channel = settings.incidentChannel;
  const onCall = onCallFor(settings, about.host, now);
  const { incident } = await openIncident(tx, { ...about, channel, openedBy, now, onCall });
  return { incident, kind: 'new' };
}

async function pointElsewhere(
  tx: RecordTransaction,
  { settings }: WorkflowContext,
  { host, by }: NoticedFault,
  now: Date,
): Promise<Noticed | null> {
  const incident = await newestOpen(tx, host);
  if (incident === null) return null;
  const channel = settings.incidentChannel;
  const { sequence, at } = await recordAct(tx, incident, {
    act: 'fault-noticed',
    actor: by,
    now,
    outcome: { channel },
  });
  const onCall = onCallFor(settings, host, now) ?? undefined;
  const about = { incidentId: incident.id, channel: incident.channel, noticedBy: by, at };
  await tx.putNotice({
    key: `elsewhere:${sequence}`,
    channel,
    body: { kind: 'incident-elsewhere', host, ...about, onCall },
  });
  return { incident, kind: 'elsewhere' };
}

async function reopenRecent(
  tx: RecordTransaction,
  { settings }: WorkflowContext,
  fault: NoticedFault,
  now: Date,
): Promise<Noticed | null> {
  const { incidentChannel, quiet } = settings;
  if (quiet.reopenMinutes === 0) return null;
  const since = new Date(now.getTime() - quiet.reopenMinutes * 60_000);
  const before = await tx.resolvedSince(fault.host, incidentChannel, since);
  if (before === null || !(await hadFault(tx, before))) return null;
  const incident = await reopen(tx, settings, before, fault, now);
  return incident && { incident, kind: 'reopened' };
}

/** An alert about a registry that was found healthy was no fault that could return. */
async function hadFault(tx: RecordTransaction, { id }: Incident): Promise<boolean> {
  const diagnoses = (await tx.auditEntries(id)).filter(({ act }) => act === 'diagnosed');
  return diagnoses.length === 0 || diagnoses.some(({ outcome }) => outcome['verdict'] !== 'healthy');
}

async function reopen(
  tx: RecordTransaction,
  settings: Settings,
  incident: Incident,
  { by, badSince }: NoticedFault,
  now: Date,
): Promise<Incident | null> {
  const change = { state: 'diagnosing', closedAt: null } as const;
  if (!(await tx.moveIncident(incident.id, ['resolved'], change))) return null;
  const entry = await appendAct(tx, incident, {
    act: 'incident-reopened',
    actor: by,
    now,
    outcome: badSince === undefined ? {} : { badSince: badSince.toISOString() },
  });
  // An undo of what fixed it might still wait: it can't be approved while its host is diagnosed again.
  await supersedeOpenPlans(tx, incident.host, now, { code: 'diagnosis-requested' });
  await postReopened(tx, incident, onCallFor(settings, incident.host, now), entry);
  const reopened = { by, at: now.toISOString() };
  await editStatus(tx, incident.id, { stage: 'queued', resolvedAt: null, reopened, flapping: null });
  return { ...incident, ...change };
}

/** The open incident that the incident channel knows: it is there, or was told of there. Nothing opens a second one on its own. */
export async function knownIncident(
  tx: RecordTransaction,
  { settings }: Pick<WorkflowContext, 'settings'>,
  host: HostName,
): Promise<Incident | null> {
  const open = await openIncidents(tx, host);
  const there = open.find(({ channel }) => channel === settings.incidentChannel);
  if (there !== undefined) return there;
  for (const incident of open) {
    if (wasTold(await tx.auditEntries(incident.id), settings.incidentChannel)) return incident;
  }
  return null;
}

/** The one that the incident channel knows, or else the newest open one, in whatever channel. */
export async function openIncidentOf(
  tx: RecordTransaction,
  context: Pick<WorkflowContext, 'settings'>,
  host: HostName,
): Promise<Incident | null> {
  return (await knownIncident(tx, context, host)) ?? (await newestOpen(tx, host));
}

async function newestOpen(tx: RecordTransaction, host: HostName): Promise<Incident | null> {
  return (await openIncidents(tx, host)).at(-1) ?? null;
}

function openIncidents(tx: RecordTransaction, host: HostName): Promise<readonly Incident[]> {
  return tx.incidentsIn(['diagnosing', 'open', 'executing'], host);
}

/** Whether the channel was told since the fault began. */
function wasTold(entries: readonly IncidentEntry[], channel: ChannelId): boolean {
  const end = entries.findLastIndex(({ act, outcome }) => ENDS.includes(act) || outcome['verdict'] === 'healthy');
  return entries.slice(end + 1).some(({ act, outcome }) => act === 'fault-noticed' && outcome['channel'] === channel);
}

const ENDS: readonly Act[] = ['incident-resolved', 'incident-closed'];
