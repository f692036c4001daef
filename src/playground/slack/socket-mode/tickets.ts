import { randomUUID } from 'node:crypto';

/** How long Slack keeps the URL of apps.connections.open good for a first connection. */
const LIFE_MS = 30_000;

/** The tickets in the URLs that apps.connections.open gives out: each is good for one connection, soon. */
export class Tickets {
  readonly #expiries = new Map<string, number>();

  issue(): string {
    const ticket = randomUUID();
    this.#expiries.set(ticket, Date.now() + LIFE_MS);
    return ticket;
  }

  /** Whether the ticket was good; afterwards it is not. */
  use(ticket: string): boolean {
    const expiresAt = this.#expiries.get(ticket);
    this.#expiries.delete(ticket);
    return expiresAt !== undefined && Date.now() <= expiresAt;
  }
}
