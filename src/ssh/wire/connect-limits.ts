/** Timeouts for each stage of connecting to a host. */
export type ConnectLimits = {
  /** For the name lookup and TCP. Through a jump host: until it has connected to the next one. */
  readonly connectTimeoutMs: number;
  /** For key exchange and login together. */
  readonly handshakeTimeoutMs: number;
  /** For the server to accept a command. Nothing was run before that. */
  readonly acceptTimeoutMs: number;
  readonly keepaliveIntervalMs: number;
  /** After this many unanswered keepalives, and one more interval, the connection is given up. */
  readonly keepaliveCountMax: number;
};
