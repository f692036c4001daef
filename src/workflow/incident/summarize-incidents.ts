import type { Incident } from '../../model/record/incident.ts';
import type { RecordTransaction } from '../ports.ts';
import { putSummary } from '../record/messages.ts';

/** So many hosts within this time: one message each would drown the channel. */
const LEAST_HOSTS = 5;
const WITHIN_MS = 120_000;

/**
 * When many hosts fail at once, the channel gets one summary. The incidents that follow have their messages in its thread,
 * so their plans don't wait for a channel message each.
 */
export async function summarizeIncidents(tx: RecordTransaction, incident: Incident, now: Date): Promise<void> {
  const recent = await tx.openedSince(incident.channel, new Date(now.getTime() - WITHIN_MS));
  if (new Set(recent.map(({ host }) => host)).size < LEAST_HOSTS) return;
  const earlier = recent.findLast(({ summarizedIn }) => summarizedIn !== null)?.summarizedIn ?? null;
  await tx.joinSummary(incident.id, earlier ?? incident.id);
  await putSummary(tx, earlier, incident, recent);
}
