/** Timeouts for each stage of connecting to a host. */
export type ConnectLimits = {
  /** Limit for the name lookup and TCP. Through a jump host: until it has connected to the next one. */
  readonly connectTimeoutMs: number;
  /** Limit for key exchange and login together. */
  readonly handshakeTimeoutMs: number;
  /** Limit for the server to accept a command. Nothing was run before that. */
  readonly acceptTimeoutMs: number;
  readonly keepaliveIntervalMs: number;
  /** How many unanswered keepalives, and one more interval, end the connection. */
  readonly keepaliveCountMax: number;
};
