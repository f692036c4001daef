import type { ReceivedAlert } from '../../model/record/alert.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { AlertLine } from '../../model/record/thread-message.ts';
import type { RecordTransaction } from '../ports.ts';

/** The lines of one message. */
const AT_MOST = 20;

/**
 * The alerts of an incident, in one message of its thread, which is edited: however many alerts join, the thread gets
 * one post.
 */
export async function showAlerts(tx: RecordTransaction, { id, host }: Incident): Promise<void> {
  const lines = linesOf(await tx.alertsOf(id));
  await tx.putMessage({
    key: `alerts:${id}`,
    incidentId: id,
    placement: 'thread',
    body: { kind: 'alerts', host, alerts: lines.slice(0, AT_MOST), more: Math.max(0, lines.length - AT_MOST) },
  });
}

/** One line for each alert, in the order of their first appearance, each as it was sent last. */
function linesOf(received: readonly ReceivedAlert[]): AlertLine[] {
  const lines = new Map<string, AlertLine>();
  for (const { alert, receivedAt } of received) {
    const { source, summary, link, status } = alert;
    lines.set(`${source} ${alert.fingerprint}`, { source, summary, link, status, at: receivedAt });
  }
  return [...lines.values()];
}
