import type { AlertDelivery } from '../../model/record/alert.ts';
import type { WorkflowContext } from '../context.ts';
import type { AlertIntake } from '../ports/alerts.ts';
import { tellLeftOut } from './tell-without-host.ts';

/**
 * Puts what sources have sent on record. Each commit waits for the disk, so what arrives during one shares the next: a
 * storm of alerts costs few.
 */
export class AlertInbox implements AlertIntake {
  readonly #context: WorkflowContext;
  #written: Promise<void> = Promise.resolve();
  /** What shares the next transaction. Null: none is to come yet. */
  #next: AlertDelivery[] | null = null;

  constructor(context: WorkflowContext) {
    this.#context = context;
  }

  /** If the transaction fails, it fails for all that share it, and each source sends again. */
  takeAlerts(delivery: AlertDelivery): Promise<void> {
    if (this.#next === null) {
      const together: AlertDelivery[] = [];
      this.#next = together;
      this.#written = this.#written.then(
        () => this.#write(together),
        () => this.#write(together),
      );
    }
    this.#next.push(delivery);
    return this.#written;
  }

  async #write(together: readonly AlertDelivery[]): Promise<void> {
    this.#next = null;
    await receiveAlerts(this.#context, ...together);
  }
}

/** Puts these on record, all of them or nothing. They are taken up later, also after a crash. */
export async function receiveAlerts(context: WorkflowContext, ...deliveries: readonly AlertDelivery[]): Promise<void> {
  const { added } = await context.store.transact(async (tx) => {
    let added = 0;
    for (const { alerts, leftOut } of deliveries) {
      for (const alert of alerts) if (await tx.insertAlert(alert)) added += 1;
      const source = alerts[0]?.source;
      if (source !== undefined && leftOut !== null) await tellLeftOut(tx, context, source, leftOut);
    }
    return { added };
  });
  const alerts = deliveries.flatMap((delivery) => delivery.alerts);
  const sources = [...new Set(alerts.map(({ source }) => source))];
  context.log.info({ sources, alerts: alerts.length, new: added }, 'received alerts');
}
