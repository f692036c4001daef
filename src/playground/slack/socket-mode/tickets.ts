import { randomUUID } from 'node:crypto';

/** How long Slack accepts a first connection to the URL of apps.connections.open. */
const LIFE_MS = 30_000;

/** The tickets in the URLs that apps.connections.open returns. Each is valid for one connection, for a short time. */
export class Tickets {
  readonly #expiries = new Map<string, number>();

  issue(): string {
    const ticket = randomUUID();
    this.#expiries.set(ticket, Date.now() + LIFE_MS);
    return ticket;
  }

  /** Whether the ticket was valid. Uses it up. */
  use(ticket: string): boolean {
    const expiresAt = this.#expiries.get(ticket);
    this.#expiries.delete(ticket);
    return expiresAt !== undefined && Date.now() <= expiresAt;
  }
}
