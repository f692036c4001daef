import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { ApplyOutcome, Verification } from '../../model/plan/execution.ts';
import type { Plan, PlanState } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { ToldAlert } from '../../model/record/alert.ts';
import type { AuditEntry, IncidentEntry } from '../../model/record/audit.ts';
import type { HostName, IncidentId, PlanId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import {
  type EntryMark,
  StatusMessage,
  type ThreadMessage,
  type UnmonitoredMessage,
} from '../../model/record/thread-message.ts';
import type { RecordTransaction } from '../ports.ts';
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

/** The incident's message in the channel, as it is when the incident opens: on its own, or by an alert. */
export async function postFirstStatus(tx: RecordTransaction, incident: Incident, alert?: ToldAlert): Promise<void> {
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
  });
}

/**
 * Edits the incident's message in the channel. Fields that are not given stay. The count of entries is always current.
 */
export async function editStatus(
  tx: RecordTransaction,
  incidentId: IncidentId,
  change: Partial<Pick<StatusMessage, 'stage' | 'diagnosis' | 'plan' | 'resolvedAt' | 'reopened' | 'flapping'>>,
): Promise<void> {
  const current = await tx.message(statusKey(incidentId));
  if (current?.body.kind !== 'status') throw new Error(`incident ${incidentId} has no status message`);
  const recordEntries = (await tx.auditEntries(incidentId)).length;
  await putStatus(tx, StatusMessage.parse({ ...current.body, ...change, recordEntries }));
}

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

/** The plan's card with its buttons. */
export async function postPlanCard(
  tx: RecordTransaction,
  plan: Plan,
  approvalsNeeded: number,
  entry: IncidentEntry,
  about: Pick<PlanCard, 'approvers' | 'outlook'> = {},
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

export type PlanCardChange = Partial<Pick<PlanCard, 'decision' | 'review' | 'waitsFor' | 'because'>>;

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
  StatusMessage | UnmonitoredMessage | PlanCard | { kind: 'summary' | 'alerts' | 'alert-notice' | 'mute-summary' }
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
