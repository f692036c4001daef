import type { AlertDelivery } from '../../model/record/alert.ts';
import type { WorkflowContext } from '../context.ts';
import { tellLeftOut } from './tell-without-host.ts';

/** Puts what a source has sent on record, all of it or nothing. It is taken up later, also after a crash. */
export async function receiveAlerts(context: WorkflowContext, { alerts, leftOut }: AlertDelivery): Promise<void> {
  const { added } = await context.store.transact(async (tx) => {
    let added = 0;
    for (const alert of alerts) if (await tx.insertAlert(alert)) added += 1;
    const source = alerts[0]?.source;
    if (source !== undefined && leftOut !== null) await tellLeftOut(tx, context, source, leftOut);
    return { added };
  });
  context.log.info({ source: alerts[0]?.source, alerts: alerts.length, new: added }, 'received alerts');
}
