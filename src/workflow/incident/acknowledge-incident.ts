import { acknowledgementIn } from '../../incident/acknowledgement.ts';
import { IncidentId } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { WorkflowContext } from '../context.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editStatus } from '../record/messages.ts';
import { recordAct } from '../record/record-act.ts';
import { actorOf, type Person, type Proposed, type Requests } from '../requests.ts';
import { refusalToAcknowledge } from '../review/authorization.ts';

/**
 * The button Acknowledge of an open incident: this person is on it from now on, in place of anyone before. No one else is
 * called to its plans then. Decides nothing and changes nothing on the host.
 */
export async function acknowledgeIncident(
  context: WorkflowContext,
  request: Parameters<Requests['acknowledge']>[0],
): Promise<Proposed> {
  const { store, clock } = context;
  const id = IncidentId.safeParse(Number(request.incidentIdText));
  const incident = id.success ? await store.transact((tx) => tx.incident(id.data)) : null;
  const refusal = await refusalToAcknowledge(context, incident?.host ?? null, request);
  if (refusal) return { kind: 'answer', answer: refusal };
  if (incident === null) return { kind: 'answer', answer: { kind: 'incident-unknown' } };
  const answer = await store.transact((tx) => acknowledge(tx, incident.id, { by: request.by, now: clock.now() }));
  return answer === null ? { kind: 'accepted' } : { kind: 'answer', answer };
}

/** Null: the person is on it. */
async function acknowledge(
  tx: RecordTransaction,
  incidentId: IncidentId,
  { by, now }: { readonly by: Person; readonly now: Date },
): Promise<PrivateAnswer | null> {
  const incident = await tx.incident(incidentId);
  if (incident === null || incident.state === 'unmonitored') return { kind: 'incident-unknown' };
  if (incident.closedAt !== null) return { kind: 'incident-over', incidentId };
  const actor = actorOf(by);
  const current = acknowledgementIn(await tx.auditEntries(incidentId));
  if (current?.by.kind === 'slack-user' && current.by.user === by.user) {
    return { kind: 'acknowledged-before', incidentId };
  }
  await recordAct(tx, incident, { act: 'incident-acknowledged', actor, now });
  await editStatus(tx, incidentId, {});
  return null;
}
