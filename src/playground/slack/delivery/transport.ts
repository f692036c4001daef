/** What Slack sends to a bot when a person does something. */
export type Interaction =
  | { readonly kind: 'slash_commands'; readonly payload: Readonly<Record<string, string>> }
  | { readonly kind: 'interactive'; readonly payload: Readonly<Record<string, unknown>> }
  /** An event of the Events API. Its acknowledgement is empty. */
  | { readonly kind: 'events_api'; readonly payload: Readonly<Record<string, unknown>> };

/** The ways to forge a request before it is sent. HTTP only. */
export type Forgery = 'wrong-signature' | 'no-signature' | 'old-timestamp' | 'changed-body';

export type SendOptions = {
  readonly forged?: Forgery;
  /** Marks the request as one that Slack sends again. */
  readonly retry?: { readonly number: number; readonly reason: 'http_timeout' | 'http_error' | 'connection_failed' };
};

/** How the bot handled a request, as Slack and the person see it. */
export type DeliveryResult = {
  /** The time from sending the request to the end of the answer. */
  readonly ackMs: number;
  /** The HTTP status; 200 for an acknowledged envelope. Null: there was no answer. */
  readonly status: number | null;
  /** The answer's body: parsed if it was JSON, otherwise text. */
  readonly body: unknown;
  /** The error that the person sees instead of an answer. Null: success. */
  readonly failure: 'operation_timeout' | 'dispatch_failed' | 'http_service_error' | null;
  /** Where the bot that acknowledged it over Socket Mode reached this Slack: the base URL. Null: no bot did. */
  readonly takenAt: string | null;
};

/** Slack waits this long for the acknowledgement. */
export const ACK_LIMIT_MS = 3000;

export interface Transport {
  send(interaction: Interaction, options: SendOptions): Promise<DeliveryResult>;
}
