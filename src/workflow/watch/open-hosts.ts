import type { HostName } from '../../model/record/ids.ts';
import type { Clock } from '../ports/bot.ts';
import type { RecordStore } from '../ports/record.ts';

/** Commands and other processes open incidents, too; monitoring learns of them within this time. */
const READ_EVERY_MS = 5_000;

/**
 * The hosts of which the record has something open that a good look would end. Nearly every look finds a healthy
 * registry and nothing to end: so that this costs no transaction, the record is read once for all hosts.
 */
export class OpenHosts {
  readonly #store: RecordStore;
  readonly #clock: Clock;
  #hosts: Promise<ReadonlySet<HostName>> | null = null;
  #readAt = 0;

  constructor(store: RecordStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Whether something might be open. False is at most some seconds old. */
  async has(host: HostName): Promise<boolean> {
    const now = this.#clock.now().getTime();
    if (this.#hosts === null || Math.abs(now - this.#readAt) >= READ_EVERY_MS) {
      this.#readAt = now;
      this.#hosts = this.#read();
    }
    return (await this.#hosts).has(host);
  }

  async #read(): Promise<ReadonlySet<HostName>> {
    try {
      const states = ['diagnosing', 'open', 'executing', 'unmonitored'] as const;
      return await this.#store.transact(async (tx) => {
        const incidents = await tx.incidentsIn(states);
        return new Set([...incidents.map(({ host }) => host), ...(await tx.hostsWithMutedFault())]);
      });
    } catch (error) {
      this.#hosts = null;
      throw error;
    }
  }
}
