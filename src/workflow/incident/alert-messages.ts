import { type ReceivedAlert, toldAlert } from '../../model/record/alert.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { AlertLine } from '../../model/record/messages/thread-message.ts';
import type { RecordTransaction } from '../ports/record.ts';

/** The lines of one message. */
const AT_MOST = 20;

/**
 * The alerts of an incident, in one message of its thread, which is edited: however many alerts join, the thread gets
 * one post.
 */
export async function showAlerts(tx: RecordTransaction, { id, host }: Incident): Promise<void> {
  const { first, total } = await tx.alertsOf(id, AT_MOST);
  await tx.putMessage({
    key: `alerts:${id}`,
    incidentId: id,
    placement: 'thread',
    body: { kind: 'alerts', host, alerts: first.map(lineOf), more: total - first.length },
  });
}

function lineOf({ alert, receivedAt }: ReceivedAlert): AlertLine {
  const startedAt = alert.status === 'firing' ? alert.startsAt : null;
  return { ...toldAlert(alert), status: alert.status, at: startedAt ?? receivedAt };
}
