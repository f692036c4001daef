import type { SlackTrouble } from '../../model/record/messages/slack-failure.ts';

/** A connection for Slack's requests. */
export interface SlackConnection {
  /** Resolves when requests can arrive. Rejects when they never will (a refused token, a port in use). */
  start(): Promise<void>;
  /** Accepts no more requests. */
  stop(): Promise<void>;
  /** Whether requests can arrive right now. */
  isConnected(): boolean;
  /** Resolves when requests can arrive for the first time. */
  readonly connected: Promise<void>;
  /** Why the last attempt to connect failed. Null if it succeeded. */
  readonly trouble: SlackTrouble | null;
}
