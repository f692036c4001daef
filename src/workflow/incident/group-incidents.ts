import { causeOf, GROUPED_WITHIN_MS, groupOf } from '../../incident/quiet/grouping.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { RecentIncident } from '../ports/quiet-record.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { nameCause, putSummary } from '../record/summary-message.ts';

/** Enough to see what an incident belongs with, however many there are. */
const LOOKED_AT = 200;

/**
 * Puts an incident into the group of those that belong with it. The channel gets one summary of them, with a line for
 * each host; the messages that the incident still gets are in its thread, so that its plans are side by side.
 */
export async function groupIncident(tx: RecordTransaction, incident: Incident): Promise<void> {
  const since = new Date(Date.parse(incident.openedAt) - GROUPED_WITHIN_MS);
  const recent = await tx.openedSince(incident.channel, since, LOOKED_AT);
  const own = recent.find(({ id }) => id === incident.id);
  if (own === undefined) return;
  const members = groupOf(
    own,
    recent.filter((other) => isUnder(other, own)),
  );
  if (members === null) return nameCauseOf(tx, own.groupedIn);
  const first = own.groupedIn ?? members.findLast(({ groupedIn }) => groupedIn !== null)?.groupedIn ?? own.id;
  if (own.summarizedIn === null) await tx.joinSummary(own.id, first);
  const added = members.filter(({ groupedIn }) => groupedIn === null);
  for (const { id } of added) await tx.joinGroup(id, first);
  await putSummary(tx, { id: first, openedAt: own.openedAt }, added);
  await nameCauseOf(tx, first);
}

/** What was healthy again before has no part in a later fault. */
function isUnder({ id, state }: RecentIncident, own: RecentIncident): boolean {
  return id === own.id || !['resolved', 'closed'].includes(state);
}

async function nameCauseOf(tx: RecordTransaction, groupedIn: IncidentId | null): Promise<void> {
  if (groupedIn === null) return;
  await nameCause(tx, groupedIn, causeOf(await tx.groupMembers(groupedIn, LOOKED_AT)));
}
