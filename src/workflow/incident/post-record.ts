import { IncidentId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { MessageDelivery } from '../../model/record/record.ts';
import type { WorkflowContext } from '../context.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { postRecordFile, recordFile } from '../record/messages.ts';
import { recordAct } from '../record/record-act.ts';
import type { Person, Proposed, Requests } from '../requests.ts';
import { refusalToDiagnose, refusalToLook } from '../review/authorization.ts';

/**
 * Puts the record of an incident into its thread, for those who can see its host, and that on record. A second request posts a
 * second file only if other entries were added meanwhile, and tries the first one again if it was given up. One that Slack sends again adds nothing.
 */
export async function postRecord(
  context: WorkflowContext,
  request: Parameters<Requests['postRecord']>[0],
): Promise<Proposed> {
  const { store, clock } = context;
  const id = IncidentId.safeParse(Number(request.incidentIdText));
  const incident = id.success ? await store.transact((tx) => tx.incident(id.data)) : null;
  const refusal = await refusalOfRecord(context, incident, request);
  if (refusal) return { kind: 'answer', answer: refusal };
  if (incident === null) return { kind: 'answer', answer: { kind: 'incident-unknown' } };
  if (context.canPostFiles !== true) {
    return { kind: 'answer', answer: { kind: 'record-at-terminal', incidentId: incident.id } };
  }
  const { by, requestKey } = request;
  const before = await store.transact((tx) => exportToThread(tx, incident, { by, requestKey, now: clock.now() }));
  return { kind: 'answer', answer: answerAfter(before, incident) };
}

/** Puts the export on record, then the file into the thread. Returns what became of the file before. Null: it is new. */
async function exportToThread(
  tx: RecordTransaction,
  incident: Incident,
  { by, requestKey, now }: { readonly by: Person; readonly requestKey: string; readonly now: Date },
): Promise<MessageDelivery | null> {
  const { delivery } = await recordFile(tx, incident);
  if (delivery !== null && delivery.kind !== 'given-up') return delivery;
  const entries = await tx.auditEntries(incident.id);
  if (entries.some(({ act, outcome }) => act === 'record-exported' && outcome['request'] === requestKey)) return null;
  const outcome = { request: requestKey };
  await recordAct(tx, incident, { act: 'record-exported', actor: { kind: 'slack-user', ...by }, now, outcome });
  await postRecordFile(tx, incident, now);
  return delivery;
}

/** A file goes last, and no message of its own tells if it fails: so the person is told here. */
function answerAfter(before: MessageDelivery | null, { id: incidentId }: Incident): PrivateAnswer {
  if (before?.kind === 'delivered') return { kind: 'record-posted', incidentId };
  return { kind: 'record-waits', incidentId, failedBefore: before?.kind === 'given-up' ? before.why : null };
}

/** Null: this person can have it. The policy of a host that was removed is the default one. */
function refusalOfRecord(
  context: WorkflowContext,
  incident: Incident | null,
  request: Parameters<Requests['postRecord']>[0],
): Promise<PrivateAnswer | null> {
  if (incident === null) return refusalToDiagnose(context, null, request);
  const { hosts, defaultPolicy } = context.settings;
  const policy = hosts.get(incident.host)?.policy ?? defaultPolicy;
  return refusalToLook(context, { name: incident.host, policy }, request);
}
