import { randomUUID } from 'node:crypto';

/** How long after apps.connections.open Slack accepts a connection to its URL. */
const LIFE_MS = 30_000;

/** The tickets in the URLs that apps.connections.open returns. Each is valid for one connection, for a short time. */
export class Tickets {
  readonly #expiries = new Map<string, number>();

  issue(): string {
    const ticket = randomUUID();
    this.#expiries.set(ticket, Date.now() + LIFE_MS);
    return ticket;
  }

  /** Uses up the ticket. Returns whether it was valid. */
  use(ticket: string): boolean {
    const expiresAt = this.#expiries.get(ticket);
    this.#expiries.delete(ticket);
    return expiresAt !== undefined && Date.now() <= expiresAt;
  }
}
