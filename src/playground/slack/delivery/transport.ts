/** What Slack sends to a bot when a person does something. */
export type Interaction =
  | { readonly kind: 'slash_commands'; readonly payload: Readonly<Record<string, string>> }
  | { readonly kind: 'interactive'; readonly payload: Readonly<Record<string, unknown>> };

/** How a request may be spoilt before it is sent. HTTP only. */
export type Forgery = 'wrong-signature' | 'no-signature' | 'old-timestamp' | 'changed-body';

export type SendOptions = {
  readonly forged?: Forgery;
  /** Marks the request as one that Slack sends again. */
  readonly retry?: { readonly number: number; readonly reason: 'http_timeout' | 'http_error' | 'connection_failed' };
};

/** How the bot took it, as Slack and the person see it. */
export type DeliveryResult = {
  /** From sending to the whole of the answer. */
  readonly ackMs: number;
  /** HTTP's status, 200 for an acknowledged envelope; null when none came. */
  readonly status: number | null;
  /** The answer's body: JSON where it was JSON, else text. */
  readonly body: unknown;
  /** What the person is shown in place of an answer; null when all went well. */
  readonly failure: 'operation_timeout' | 'dispatch_failed' | 'http_service_error' | null;
};

/** Slack waits this long for the acknowledgement. */
export const ACK_LIMIT_MS = 3000;

export interface Transport {
  send(interaction: Interaction, options: SendOptions): Promise<DeliveryResult>;
}
