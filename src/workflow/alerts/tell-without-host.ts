import { textDigest } from '../../hash/canonical-hash.ts';
import {
  type Alert,
  type AlertDelivery,
  type AlertSourceName,
  type ReceivedAlert,
  toldAlert,
} from '../../model/record/alert.ts';
import type { WorkflowContext } from '../context.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { utcDay } from '../record/utc-day.ts';

/** So many alerts of one source that fit no host get a post of their own in a day. The others are counted in one. */
const POSTS_A_DAY = 5;
/** Enough of them to write a `match` from. */
const LABELS_SHOWN = 8;

/** Says in the incident channel that no host fits these alerts: each alert once a day, by its fingerprint. */
export async function tellWithoutHost(
  tx: RecordTransaction,
  context: WorkflowContext,
  received: readonly ReceivedAlert[],
): Promise<void> {
  for (const [source, ofSource] of Map.groupBy(received, ({ alert }) => alert.source)) {
    await tellOfSource(tx, context, source, ofSource);
  }
}

async function tellOfSource(
  tx: RecordTransaction,
  context: WorkflowContext,
  source: AlertSourceName,
  received: readonly ReceivedAlert[],
): Promise<void> {
  const day = utcDay(context.clock.now());
  const told = new Set(await tx.alertsToldOn(source, day));
  for (const { id, alert } of received) {
    if (told.has(alert.fingerprint)) continue;
    told.add(alert.fingerprint);
    await tx.markAlertTold(id, day);
    if (told.size <= POSTS_A_DAY) await postWithoutHost(tx, context, day, alert);
  }
  if (told.size <= POSTS_A_DAY) return;
  await tx.putNotice({
    key: `alerts-without-host:${source}:${day}`,
    channel: context.settings.incidentChannel,
    body: { kind: 'alert-notice', about: 'more-without-host', source, count: told.size - POSTS_A_DAY },
  });
}

function postWithoutHost(tx: RecordTransaction, { settings }: WorkflowContext, day: string, alert: Alert) {
  return tx.putNotice({
    // The key stays when the alert is dropped, and a fingerprint can be any text of its sender.
    key: `alert-without-host:${alert.source}:${day}:${textDigest(alert.fingerprint)}`,
    channel: settings.incidentChannel,
    body: {
      kind: 'alert-notice',
      about: 'no-host',
      alert: toldAlert(alert),
      labels: Object.fromEntries(Object.entries(alert.labels).slice(0, LABELS_SHOWN)),
    },
  });
}

/** Says in the incident channel that the source left alerts of a group out: once a day for each group. */
export async function tellLeftOut(
  tx: RecordTransaction,
  { settings, clock }: WorkflowContext,
  source: AlertSourceName,
  { group, count }: NonNullable<AlertDelivery['leftOut']>,
): Promise<void> {
  await tx.putNotice({
    key: `alerts-left-out:${source}:${utcDay(clock.now())}:${textDigest(group)}`,
    channel: settings.incidentChannel,
    body: { kind: 'alert-notice', about: 'left-out', source, count },
  });
}
