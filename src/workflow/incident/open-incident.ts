import type { Actor } from '../../model/record/actor.ts';
import type { ToldAlert } from '../../model/record/alert.ts';
import type { ChannelId, HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { OnCall } from '../../model/record/messages/people.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { postFirstStatus } from '../record/messages.ts';
import { appendAct } from '../record/record-act.ts';
import { groupIncident } from './group-incidents.ts';
import { isCalledInGroup } from './on-call.ts';

type NewRequest = {
  readonly host: HostName;
  readonly channel: ChannelId;
  readonly openedBy: Actor;
  readonly requestKey: string;
  readonly now: Date;
  readonly alert?: ToldAlert;
  /** The first bad look of monitoring, if that opens it. */
  readonly badSince?: Date;
  readonly onCall?: OnCall | null;
};

/**
 * Opens an incident in state `diagnosing`, with its message in the channel and its first entry on record. The same
 * request key again gives the incident that exists, and `isNew: false`.
 */
export async function openIncident(
  tx: RecordTransaction,
  request: NewRequest,
): Promise<{ incident: Incident; isNew: boolean }> {
  const openedAt = request.now.toISOString();
  const { host, channel, openedBy, requestKey, alert, badSince, onCall } = request;
  const incident = await tx.insertIncident({ host, channel, openedBy, openedAt, requestKey });
  if (incident === null) return { incident: await existingIncident(tx, requestKey), isNew: false };
  const outcome = { host, ...(alert && { alert }), ...(badSince && { badSince: badSince.toISOString() }) };
  await appendAct(tx, incident, { act: 'incident-opened', actor: openedBy, now: request.now, outcome });
  await groupIncident(tx, incident);
  const isCalled = onCall === undefined || onCall === null || (await isCalledInGroup(tx, incident, onCall));
  await postFirstStatus(tx, incident, { alert, onCall: isCalled ? undefined : onCall });
  return { incident, isNew: true };
}

async function existingIncident(tx: RecordTransaction, requestKey: string): Promise<Incident> {
  const incident = await tx.incidentByRequest(requestKey);
  if (incident === null) throw new Error(`request ${requestKey} was seen before, but its incident is not in the store`);
  return incident;
}
