import { ACT_OF_CALL } from '../../approval/plan-calls.ts';
import { acknowledgementIn } from '../../incident/acknowledgement.ts';
import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { ApplyOutcome, Verification } from '../../model/plan/execution.ts';
import type { Plan, PlanState } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { ToldAlert } from '../../model/record/alert.ts';
import type { Act, AuditEntry, IncidentEntry } from '../../model/record/audit.ts';
import type { HostName, IncidentId, PlanId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { OnCall } from '../../model/record/messages/people.ts';
import { StatusMessage, type UnmonitoredMessage } from '../../model/record/messages/status-message.ts';
import type { EntryMark, FileMessage, ThreadMessage } from '../../model/record/messages/thread-message.ts';
import type { MessageDelivery } from '../../model/record/record.ts';
import type { MessagePlace, Notice } from '../ports/messages.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { showInSummary, statusKey } from './summary-message.ts';

/**
 * The keys of messages: one key is one message in Slack. The status and a plan's card are edited, and record lines are
 * only added.
 */
const unmonitoredKey = (incidentId: IncidentId) => `unmonitored:${incidentId}`;
const planKey = (planId: PlanId) => `plan:${planId}`;
const unknownKey = (planId: PlanId) => `unknown:${planId}`;
const recordKey = (entry: AuditEntry) => `record:${entry.sequence}`;

const markOf = (entry: AuditEntry): EntryMark => ({ sequence: entry.sequence, hash: entry.hash });

/** Where Slack shows the first message of the incident. Null: nowhere yet. */
export async function placeOfIncident(tx: RecordTransaction, id: IncidentId): Promise<MessagePlace | null> {
  return (await tx.placeOfMessage(statusKey(id))) ?? tx.placeOfMessage(unmonitoredKey(id));
}

/** Where Slack shows the card of the plan. Null: nowhere yet. */
export function placeOfPlan(tx: RecordTransaction, id: PlanId): Promise<MessagePlace | null> {
  return tx.placeOfMessage(planKey(id));
}

/** The incident's message in the channel, as it is when the incident opens: on its own, or by an alert. */
export async function postFirstStatus(
  tx: RecordTransaction,
  incident: Incident,
  { alert, onCall }: { readonly alert?: ToldAlert | undefined; readonly onCall?: OnCall | undefined },
): Promise<void> {
  await putStatus(tx, {
    kind: 'status',
    incidentId: incident.id,
    host: incident.host,
    openedBy: incident.openedBy,
    openedAt: incident.openedAt,
    ...(alert && { alert }),
    stage: 'queued',
    diagnosis: null,
    plan: null,
    recordEntries: 0,
    resolvedAt: null,
    isOpen: true,
    ...(onCall && { onCall }),
  });
}

/**
 * Edits the incident's message in the channel. Fields that are not given stay. The count of entries, who is on the
 * incident and whether it is open are always current.
 */
export async function editStatus(
  tx: RecordTransaction,
  incidentId: IncidentId,
  change: Partial<Pick<StatusMessage, 'stage' | 'diagnosis' | 'plan' | 'resolvedAt' | 'reopened' | 'flapping'>> &
    Closing,
): Promise<void> {
  const current = await tx.message(statusKey(incidentId));
  if (current?.body.kind !== 'status') throw new Error(`incident ${incidentId} has no status message`);
  const entries = await tx.auditEntries(incidentId);
  const { acknowledged: _, numbers, ...lasting } = current.body;
  // What an end has added is gone once the incident is open again.
  const closing = change.resolvedAt === null || numbers === undefined ? {} : { numbers };
  const acknowledged = acknowledgementIn(entries);
  const now = {
    recordEntries: entries.length,
    isOpen: (await tx.incident(incidentId))?.closedAt === null,
    ...(acknowledged && { acknowledged }),
  };
  await putStatus(tx, StatusMessage.parse({ ...lasting, ...closing, ...change, ...now }));
}

/** What the message shows of an incident that has ended. */
type Closing = Partial<Pick<StatusMessage, 'numbers'>>;

async function putStatus(tx: RecordTransaction, body: StatusMessage): Promise<void> {
  await tx.putMessage({ key: statusKey(body.incidentId), incidentId: body.incidentId, placement: 'channel', body });
  await showInSummary(tx, body);
}

/** Tells the channel that a watched host can't be checked. */
export async function postUnmonitored(
  tx: RecordTransaction,
  about: Omit<UnmonitoredMessage, 'kind' | 'seenAgainAt'>,
): Promise<void> {
  await putUnmonitored(tx, { kind: 'unmonitored', ...about, seenAgainAt: null });
}

export async function editUnmonitored(
  tx: RecordTransaction,
  incidentId: IncidentId,
  change: Pick<UnmonitoredMessage, 'seenAgainAt'>,
): Promise<void> {
  const current = await tx.message(unmonitoredKey(incidentId));
  if (current?.body.kind !== 'unmonitored') throw new Error(`${incidentId} has no message about monitoring`);
  await putUnmonitored(tx, { ...current.body, ...change });
}

async function putUnmonitored(tx: RecordTransaction, body: UnmonitoredMessage): Promise<void> {
  const { incidentId } = body;
  await tx.putMessage({ key: unmonitoredKey(incidentId), incidentId, placement: 'channel', body });
}

export async function postVerdict(tx: RecordTransaction, diagnosis: Diagnosis, entry: IncidentEntry): Promise<void> {
  await postForEntry(tx, entry, {
    kind: 'verdict',
    incidentId: entry.incidentId,
    diagnosis,
    record: markOf(entry),
  });
}

/** The path and the timeline of a diagnosis, as a picture. */
export async function postPicture(tx: RecordTransaction, diagnosis: Diagnosis, entry: IncidentEntry): Promise<void> {
  const { incidentId, sequence, at } = entry;
  const body: FileMessage = { kind: 'file', about: 'picture', incidentId, at, diagnosis, sequence };
  await tx.putMessage({ key: `picture:${sequence}`, incidentId, placement: 'thread', body });
}

/** The file with the record as it is now. It is the same one until anything but an export is added. */
export async function recordFile(
  tx: RecordTransaction,
  { id }: Incident,
): Promise<{ readonly key: string; readonly delivery: MessageDelivery | null }> {
  const entries = (await tx.auditEntries(id)).filter(({ act }) => act !== 'record-exported').length;
  const key = `record-file:${id}:${entries}`;
  return { key, delivery: await tx.deliveryOfMessage(key) };
}

/** Puts the file into the thread. */
export async function postRecordFile(tx: RecordTransaction, incident: Incident, now: Date): Promise<void> {
  const { id, host } = incident;
  const { key } = await recordFile(tx, incident);
  const entries = (await tx.auditEntries(id)).length;
  const at = now.toISOString();
  const body: FileMessage = { kind: 'file', about: 'record', incidentId: id, at, host, entries };
  await tx.putMessage({ key, incidentId: id, placement: 'thread', body });
}

/** An action without a card of its own, as one line. */
export async function postRecordLine(tx: RecordTransaction, host: HostName, entry: IncidentEntry): Promise<void> {
  await postForEntry(tx, entry, { kind: 'record', host, entry });
}

export async function postExecution(
  tx: RecordTransaction,
  plan: Plan,
  outcome: ApplyOutcome,
  entry: IncidentEntry,
): Promise<void> {
  const approval = await approvalOf(tx, plan.id);
  await postForEntry(tx, entry, { kind: 'execution', plan, outcome, ...approval, record: markOf(entry) });
}

/** The outcome of an applied plan, together with the registry's own answer after it. */
export async function postVerification(
  tx: RecordTransaction,
  about: { plan: Plan; outcome: ApplyOutcome; verification: Verification },
  entry: IncidentEntry,
): Promise<void> {
  const approval = await approvalOf(tx, about.plan.id);
  await postForEntry(tx, entry, { kind: 'verification', ...about, ...approval, record: markOf(entry) });
}

/** Who approved the plan, in the words of its card. */
async function approvalOf(tx: RecordTransaction, planId: PlanId): Promise<{ approval?: { by: Actor[]; at: string } }> {
  const card = await tx.message(planKey(planId));
  if (card?.body.kind !== 'plan' || card.body.decision === null) return {};
  const { decision, review } = card.body;
  return { approval: { by: review.approvals.map(({ by }) => by), at: decision.at } };
}

/** Says once that the outcome of the plan is not known yet. It carries the mark of the intent. */
export async function postOutcomeUnknown(tx: RecordTransaction, plan: Plan, outcome: ApplyOutcome): Promise<void> {
  const entries = await tx.auditEntries(plan.incidentId);
  const intent = entries.find((entry) => entry.act === 'execution-intended' && entry.planId === plan.id);
  if (intent === undefined) throw new Error(`plan ${plan.id} has no intent on record`);
  await post(tx, unknownKey(plan.id), intent, { kind: 'execution', plan, outcome, record: markOf(intent) });
}

/** Tells that the fault is back, and calls who is on call. */
export async function postReopened(
  tx: RecordTransaction,
  { id: incidentId, host }: Incident,
  onCall: OnCall | null,
  entry: IncidentEntry,
): Promise<void> {
  const { actor: by, at } = entry;
  const about = { incidentId, host, by, at, ...(onCall && { onCall }) };
  await postForEntry(tx, entry, { kind: 'reopened', ...about, record: markOf(entry) });
}

/** Calls people to a plan that waits. */
export async function postPlanCall(
  tx: RecordTransaction,
  { id, host, createdAt, expiresAt }: Plan,
  about: Pick<Extract<ThreadMessage, { kind: 'call' }>, 'call' | 'people'>,
  entry: IncidentEntry,
): Promise<void> {
  const plan = { id, host, createdAt, expiresAt };
  await postForEntry(tx, entry, { kind: 'call', plan, ...about, isOver: false, record: markOf(entry) });
}

/** Ends the calls to a plan that waits no more, so that one that Slack has not shown yet mentions no one. */
export async function endPlanCalls(tx: RecordTransaction, { id, incidentId }: Plan): Promise<void> {
  const calls = new Set<Act>(Object.values(ACT_OF_CALL));
  for (const entry of await tx.auditEntries(incidentId)) {
    const message = entry.planId === id && calls.has(entry.act) ? await tx.message(recordKey(entry)) : null;
    if (message?.body.kind === 'call') await tx.putMessage({ ...message, body: { ...message.body, isOver: true } });
  }
}

/** The plan's card with its buttons. */
export async function postPlanCard(
  tx: RecordTransaction,
  plan: Plan,
  approvalsNeeded: number,
  entry: IncidentEntry,
  about: Pick<PlanCard, 'approvers' | 'outlook' | 'broadcast'> = {},
): Promise<void> {
  const review = { needed: approvalsNeeded, approvals: [] };
  await putPlanCard(tx, {
    kind: 'plan',
    plan,
    state: 'proposed',
    decision: null,
    review,
    ...about,
    record: markOf(entry),
  });
}

export type PlanCard = Extract<ThreadMessage, { kind: 'plan' }>;

export type PlanCardChange = Partial<Pick<PlanCard, 'decision' | 'review' | 'waitsFor' | 'because' | 'withdrawn'>>;

/**
 * Turns the card into a record of the plan's outcome, and returns it. The decision, once made, and the review stay on
 * it. What the plan waits for is set each time.
 */
export async function editPlanCard(
  tx: RecordTransaction,
  planId: PlanId,
  change: PlanCardChange & { readonly state: PlanState },
): Promise<PlanCard> {
  const current = await tx.message(planKey(planId));
  if (current?.body.kind !== 'plan') throw new Error(`plan ${planId} has no card`);
  const { waitsFor: _, ...lasting } = current.body;
  const card = { ...lasting, ...change };
  await putPlanCard(tx, card);
  return card;
}

async function putPlanCard(tx: RecordTransaction, body: PlanCard): Promise<void> {
  await tx.putMessage({
    key: planKey(body.plan.id),
    incidentId: body.plan.incidentId,
    placement: 'thread',
    body,
  });
}

type PostForEntry = Exclude<
  ThreadMessage,
  StatusMessage | UnmonitoredMessage | FileMessage | PlanCard | { kind: 'summary' | 'alerts' | Notice['body']['kind'] }
>;

/** Posts the content of an entry. It also carries the marks of all earlier entries without a post, so none is lost. */
function postForEntry(tx: RecordTransaction, entry: IncidentEntry, body: PostForEntry): Promise<void> {
  return post(tx, recordKey(entry), entry, body);
}

async function post(tx: RecordTransaction, key: string, entry: IncidentEntry, body: PostForEntry): Promise<void> {
  const earlier = await unpostedBefore(tx, entry);
  await tx.putMessage({
    key,
    incidentId: entry.incidentId,
    placement: 'thread',
    body: earlier.length === 0 ? body : { ...body, earlier },
  });
}

async function unpostedBefore(tx: RecordTransaction, entry: IncidentEntry): Promise<EntryMark[]> {
  const entries = await tx.auditEntries(entry.incidentId);
  const unposted: EntryMark[] = [];
  for (const before of entries.filter(({ sequence }) => sequence < entry.sequence).toReversed()) {
    // A proposed plan has a card of its own.
    if (before.act === 'plan-proposed') continue;
    if (await isPosted(tx, before)) break;
    unposted.push(markOf(before));
  }
  return unposted.toReversed();
}

async function isPosted(tx: RecordTransaction, entry: AuditEntry): Promise<boolean> {
  if ((await tx.message(recordKey(entry))) !== null) return true;
  const { act, planId } = entry;
  return act === 'execution-intended' && planId !== null && (await tx.message(unknownKey(planId))) !== null;
}
