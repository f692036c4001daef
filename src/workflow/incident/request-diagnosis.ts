import type { Actor } from '../../model/record/actor.ts';
import { type ChannelId, HostName, IncidentId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { Settings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { supersedeOpenPlans } from '../plan/end-plan.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editStatus } from '../record/messages.ts';
import { appendAct } from '../record/record-act.ts';
import { actorOf, type Requests } from '../requests.ts';
import { refusalToDiagnose } from '../review/authorization.ts';
import { hostsToAsk } from '../review/hosts-to-ask.ts';
import { nearestNames } from './nearest-names.ts';
import { openIncident } from './open-incident.ts';

/** The result of a request: an incident to diagnose, an existing one, or a private answer. */
export type Asked =
  | { readonly kind: 'diagnose'; readonly incident: Incident; readonly askedBy: Actor; readonly answer?: PrivateAnswer }
  | { readonly kind: 'under-way'; readonly incident: Incident }
  | { readonly kind: 'answer'; readonly answer: PrivateAnswer };

/** `/registry diagnose HOST`: checks the person and the channel, then the host, then opens a durable incident. */
export async function requestDiagnosis(
  context: WorkflowContext,
  request: Parameters<Requests['requestDiagnosis']>[0],
): Promise<Asked> {
  const { settings, store, clock } = context;
  const name = HostName.safeParse(request.hostText);
  const answer = await refusalToDiagnose(context, name.data ?? null, request);
  if (answer) return { kind: 'answer', answer };
  if (!name.success || !settings.hosts.has(name.data)) {
    return { kind: 'answer', answer: await unknownHost(context, request) };
  }
  const { channel, requestKey } = request;
  const asking = { askedBy: actorOf(request.by), requestKey, now: clock.now() };
  return store.transact((tx) => joinOrOpen(tx, settings, { host: name.data, channel }, asking));
}

export type Asking = { readonly askedBy: Actor; readonly requestKey: string; readonly now: Date };

/**
 * A host with an open incident in this channel or the incident channel is diagnosed again in its thread. One in a third channel is not joined:
 * the people here might not see that channel.
 */
export async function joinOrOpen(
  tx: RecordTransaction,
  { incidentChannel }: Pick<Settings, 'incidentChannel'>,
  { host, channel }: Pick<Incident, 'host' | 'channel'>,
  asking: Asking,
): Promise<Asked> {
  const { askedBy, requestKey, now } = asking;
  const same = await tx.incidentByRequest(requestKey);
  if (same !== null) return { kind: 'under-way', incident: same };
  const open = await tx.incidentsIn(['diagnosing', 'open', 'executing'], host);
  const inChannel = (wanted: ChannelId) => open.find((incident) => incident.channel === wanted);
  const joined = inChannel(channel) ?? inChannel(incidentChannel);
  if (joined === undefined) {
    const { incident } = await openIncident(tx, { host, channel, openedBy: askedBy, requestKey, now });
    return { kind: 'diagnose', incident, askedBy };
  }
  const asked = await reopen(tx, joined, asking);
  const elsewhere = joined.channel === channel ? {} : { channel: joined.channel };
  if (asked.kind === 'answer' && asked.answer.kind === 'already-diagnosing') {
    return { kind: 'answer', answer: { ...asked.answer, ...elsewhere } };
  }
  if (asked.kind !== 'diagnose') return asked;
  return { ...asked, answer: { kind: 'joined-incident', host, incidentId: joined.id, ...elsewhere } };
}

/** "Diagnose again" in the same thread. A second click while it runs changes nothing. */
export async function diagnoseAgain(
  context: WorkflowContext,
  request: Parameters<Requests['diagnoseAgain']>[0],
): Promise<Asked> {
  const { store, clock } = context;
  const id = IncidentId.safeParse(Number(request.incidentIdText));
  const incident = id.success ? await store.transact((tx) => tx.incident(id.data)) : null;
  const answer = await refusalToDiagnose(context, incident?.host ?? null, request);
  if (answer) return { kind: 'answer', answer };
  if (incident === null) return { kind: 'answer', answer: { kind: 'incident-unknown' } };
  const askedBy = actorOf(request.by);
  return store.transact((tx) => reopen(tx, incident, { askedBy, requestKey: request.requestKey, now: clock.now() }));
}

async function reopen(tx: RecordTransaction, seen: Incident, { askedBy, requestKey, now }: Asking): Promise<Asked> {
  const { id } = seen;
  const incident = (await tx.incident(id)) ?? seen;
  const entries = await tx.auditEntries(id);
  const wasTaken = entries.some(
    ({ act, outcome }) => act === 'diagnosis-requested' && outcome['request'] === requestKey,
  );
  if (wasTaken) return { kind: 'under-way', incident };
  const isOurs = await tx.moveIncident(id, ['open', 'closed', 'resolved'], { state: 'diagnosing', closedAt: null });
  if (!isOurs) return { kind: 'answer', answer: alreadyAtWork(incident) };
  await appendAct(tx, incident, {
    act: 'diagnosis-requested',
    actor: askedBy,
    now,
    outcome: { request: requestKey },
  });
  // A plan can't be approved while its host is diagnosed again.
  await supersedeOpenPlans(tx, incident.host, now, { code: 'diagnosis-requested' });
  await editStatus(tx, id, { stage: 'queued', resolvedAt: null });
  return { kind: 'diagnose', incident, askedBy };
}

function alreadyAtWork({ id, host, state }: Incident): PrivateAnswer {
  return state === 'executing' ? { kind: 'host-busy', host } : { kind: 'already-diagnosing', host, incidentId: id };
}

/** The answer about a host that is not in the config. */
export async function unknownHost(
  context: WorkflowContext,
  { hostText: asked, by, channel }: Pick<Parameters<Requests['mute']>[0], 'hostText' | 'by' | 'channel'>,
): Promise<PrivateAnswer> {
  const known = [...(await hostsToAsk(context, { by, channel }))];
  return { kind: 'unknown-host', asked, nearest: nearestNames(asked, known), known };
}
