import type { SlackTrouble } from '../../model/record/slack-failure.ts';

/** A way in for Slack's requests. */
export interface SlackConnection {
  /** Resolves when requests can arrive; rejects when they never will (a refused token, a port in use). */
  start(): Promise<void>;
  /** Takes no more requests. */
  stop(): Promise<void>;
  /** Whether requests can arrive just now. */
  isConnected(): boolean;
  /** Resolves when requests can arrive for the first time. */
  readonly connected: Promise<void>;
  /** Why the last try to connect failed; null when it did not. */
  readonly trouble: SlackTrouble | null;
}
