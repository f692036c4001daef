import type { Outbox } from '../../../src/workflow/ports/messages.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** Time stands still while the store is read or written, however long that takes. */
export function unhurried(outbox: Outbox, clock: SimulatedClock): Outbox {
  return {
    pending: (...given) => clock.working(outbox.pending(...given)),
    markTrying: (...given) => clock.working(outbox.markTrying(...given)),
    markDelivered: (...given) => clock.working(outbox.markDelivered(...given)),
    postpone: (...given) => clock.working(outbox.postpone(...given)),
    postThreadAgain: (...given) => clock.working(outbox.postThreadAgain(...given)),
    giveUp: (...given) => clock.working(outbox.giveUp(...given)),
    deliverAgain: (...given) => clock.working(outbox.deliverAgain(...given)),
    shownAs: (...given) => clock.working(outbox.shownAs(...given)),
    backlog: () => clock.working(outbox.backlog()),
  };
}
