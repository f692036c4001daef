import { type Membership, mayRequest, type Permission } from '../approval/policy.ts';
import type { Actor } from '../model/actor.ts';
import { HostName, IncidentId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { PrivateAnswer } from '../model/thread-message.ts';
import { editStatus, postRecordLine } from './messages.ts';
import { nearestHosts } from './nearest-hosts.ts';
import { openIncident } from './open-incident.ts';
import type { RecordTransaction } from './ports.ts';
import type { Person, Requests } from './requests.ts';
import { supersedeOpenPlans } from './supersede-plans.ts';
import type { Surroundings } from './surroundings.ts';

/** What came of a request: an incident to diagnose, one that exists already, or a word for the person alone. */
export type Asked =
  | { readonly kind: 'diagnose'; readonly incident: Incident; readonly askedBy: Actor }
  | { readonly kind: 'under-way'; readonly incident: Incident }
  | { readonly kind: 'answer'; readonly answer: PrivateAnswer };

/** `/registry diagnose HOST`: a known host, somebody who may ask, and a durable incident; in this order. */
export async function askForDiagnosis(
  surroundings: Surroundings,
  request: Parameters<Requests['requestDiagnosis']>[0],
): Promise<Asked> {
  const { settings, store, clock } = surroundings;
  const refusal = await refusalToAsk(surroundings, request.by);
  if (refusal) return refusal;
  const name = HostName.safeParse(request.hostText);
  if (!name.success || !settings.hosts.has(name.data)) return unknownHost(surroundings, request.hostText);
  const askedBy: Actor = { kind: 'slack-user', team: request.by.team, user: request.by.user };
  const { incident, isNew } = await store.transact((tx) =>
    openIncident(tx, {
      host: name.data,
      channel: request.channel,
      openedBy: askedBy,
      requestKey: request.requestKey,
      now: clock.now(),
    }),
  );
  return isNew ? { kind: 'diagnose', incident, askedBy } : { kind: 'under-way', incident };
}

/** "Diagnose again": the same thread goes on. A second click while it is under way changes nothing. */
export async function askAgain(
  surroundings: Surroundings,
  request: Parameters<Requests['diagnoseAgain']>[0],
): Promise<Asked> {
  const refusal = await refusalToAsk(surroundings, request.by);
  if (refusal) return refusal;
  const id = IncidentId.safeParse(Number(request.incidentIdText));
  const askedBy: Actor = { kind: 'slack-user', team: request.by.team, user: request.by.user };
  const now = surroundings.clock.now();
  const reopened = id.success && (await surroundings.store.transact((tx) => reopen(tx, id.data, askedBy, now)));
  if (!reopened) return { kind: 'answer', answer: { kind: 'plan-unknown' } };
  return reopened;
}

async function reopen(tx: RecordTransaction, id: IncidentId, askedBy: Actor, now: Date): Promise<Asked | null> {
  const incident = await tx.incident(id);
  if (incident === null) return null;
  const isOurs = await tx.moveIncident(id, ['open', 'closed', 'resolved'], { state: 'diagnosing', closedAt: null });
  if (!isOurs) return { kind: 'answer', answer: alreadyAtWork(incident) };
  const entry = await tx.appendAudit({
    at: now.toISOString(),
    incidentId: id,
    actor: askedBy,
    act: 'diagnosis-requested',
    planId: null,
    planHash: null,
    outcome: {},
  });
  await postRecordLine(tx, incident.host, entry);
  // What is being looked at anew is not approved meanwhile.
  await supersedeOpenPlans(tx, incident.host, now, 'a new diagnosis was asked for');
  await editStatus(tx, id, { stage: 'queued', resolvedAt: null });
  return { kind: 'diagnose', incident, askedBy };
}

function alreadyAtWork({ id, host, state }: Incident): PrivateAnswer {
  return state === 'executing' ? { kind: 'host-busy', host } : { kind: 'already-diagnosing', host, incidentId: id };
}

async function refusalToAsk(surroundings: Surroundings, by: Person): Promise<Asked | null> {
  const member = await surroundings.directory.isFullMember(by);
  if (member.kind === 'no') return { kind: 'answer', answer: { kind: 'may-not-request' } };
  if (member.kind === 'unknown') {
    return { kind: 'answer', answer: { kind: 'cannot-check-person', why: member.why } };
  }
  const permission = mayRequest(surroundings.settings.policy, by, await requesterMembership(surroundings, by));
  return permission.kind === 'allowed' ? null : { kind: 'answer', answer: refusalOf(permission) };
}

function refusalOf(permission: Exclude<Permission, { kind: 'allowed' }>): PrivateAnswer {
  return permission.kind === 'cannot-tell'
    ? { kind: 'cannot-check-person', why: permission.why }
    : { kind: 'may-not-request' };
}

async function requesterMembership({ settings, directory }: Surroundings, by: Person): Promise<Membership> {
  const requesters = settings.policy.requesters;
  if (requesters === null || requesters.groups.length === 0 || requesters.users.includes(by.user)) {
    return { kind: 'no' };
  }
  return directory.isMember(by.user, requesters.groups);
}

function unknownHost({ settings }: Surroundings, asked: string): Asked {
  const known = [...settings.hosts.keys()];
  return { kind: 'answer', answer: { kind: 'unknown-host', asked, nearest: nearestHosts(asked, known), known } };
}
