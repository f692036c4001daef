/** The OpenTelemetry collector that gets the audit record. */
export type CollectorSettings = {
  /** Where logs are posted. */
  readonly url: string;
  /** Sent with each request; they can hold a secret. */
  readonly headers: Readonly<Record<string, string>>;
};
