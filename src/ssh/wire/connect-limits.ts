/** How long each stage of getting to a host may take. */
export type ConnectLimits = {
  /** For the name lookup and TCP; through a jump host, for its answer that it has reached the next one. */
  readonly connectTimeoutMs: number;
  /** For key exchange and login together. */
  readonly handshakeTimeoutMs: number;
  /** For the server to take a command; nothing was run before that. */
  readonly acceptTimeoutMs: number;
  readonly keepaliveIntervalMs: number;
  /** After so many unanswered keepalives, and one interval more, the connection is given up. */
  readonly keepaliveCountMax: number;
};
