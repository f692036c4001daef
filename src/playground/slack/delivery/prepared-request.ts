import type { DeliveryResult, SendOptions } from './transport.ts';

/**
 * The request for something that a person did, not sent yet. Every time it is sent it has the same trigger id, as when
 * Slack retries.
 */
export type PreparedRequest = {
  readonly triggerId: string;
  readonly responseUrl: string | null;
  send(options?: SendOptions): Promise<DeliveryResult>;
};
