import type { GroupCause } from '../../model/quiet/group.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { StatusMessage } from '../../model/record/messages/status-message.ts';
import {
  MOST_SUMMARY_LINES,
  type SummaryLine,
  type SummaryMessage,
} from '../../model/record/messages/thread-message.ts';
import type { RecordTransaction } from '../ports/record.ts';

const summaryKey = (incidentId: IncidentId) => `summary:${incidentId}`;
export const statusKey = (incidentId: IncidentId) => `status:${incidentId}`;

type Listed = Pick<Incident, 'id' | 'host'>;

/** Posts a summary of these incidents, which belong to the group of `first`, or adds those that it does not list. */
export async function putSummary(
  tx: RecordTransaction,
  first: Pick<Incident, 'id' | 'openedAt'>,
  added: readonly Listed[],
): Promise<void> {
  const { id: incidentId, openedAt } = first;
  const body: SummaryMessage = (await summaryOf(tx, incidentId)) ?? {
    ...{ kind: 'summary', incidentId, openedAt, incidents: [], more: 0, cause: null },
  };
  const room = Math.max(0, MOST_SUMMARY_LINES - body.incidents.length);
  const lines: SummaryLine[] = [];
  for (const one of added.slice(0, room)) lines.push(await lineOf(tx, one));
  const more = body.more + added.length - lines.length;
  await put(tx, { ...body, incidents: [...body.incidents, ...lines], more });
}

/** Names what the incidents have in common. */
export async function nameCause(
  tx: RecordTransaction,
  incidentId: IncidentId,
  cause: GroupCause | null,
): Promise<void> {
  const body = await summaryOf(tx, incidentId);
  if (body !== null) await put(tx, { ...body, cause });
}

/** Keeps the line of an incident as its status is, if a summary lists it. */
export async function showInSummary(tx: RecordTransaction, status: StatusMessage): Promise<void> {
  const groupedIn = await tx.groupOf(status.incidentId);
  const body = groupedIn === null ? null : await summaryOf(tx, groupedIn);
  if (body === null || body.incidents.every(({ id }) => id !== status.incidentId)) return;
  const incidents = body.incidents.map((line) => (line.id === status.incidentId ? lineFrom(status) : line));
  await put(tx, { ...body, incidents });
}

async function summaryOf(tx: RecordTransaction, incidentId: IncidentId): Promise<SummaryMessage | null> {
  const body = (await tx.message(summaryKey(incidentId)))?.body;
  return body?.kind === 'summary' ? body : null;
}

function put(tx: RecordTransaction, body: SummaryMessage): Promise<void> {
  const { incidentId } = body;
  return tx.putMessage({ key: summaryKey(incidentId), incidentId, placement: 'summary', body });
}

/** An incident that has just been opened has no status yet. */
async function lineOf(tx: RecordTransaction, { id, host }: Listed): Promise<SummaryLine> {
  const status = (await tx.message(statusKey(id)))?.body;
  return status?.kind === 'status' ? lineFrom(status) : { id, host, state: 'diagnosing', plan: null };
}

function lineFrom(status: StatusMessage): SummaryLine {
  const { incidentId, host, plan } = status;
  return { id: incidentId, host, state: stateOf(status), plan: plan && { id: plan.id, state: plan.state } };
}

function stateOf({ resolvedAt, stage, diagnosis }: StatusMessage): SummaryLine['state'] {
  if (resolvedAt !== null) return 'healthy';
  if (stage !== 'done') return 'diagnosing';
  if (diagnosis === null || diagnosis.verdict === 'inconclusive') return 'unclear';
  return diagnosis.verdict === 'healthy' ? 'healthy' : 'broken';
}
