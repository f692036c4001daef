/** Every wait for the server has an end: a caller is told that nothing was recorded while it still waits for an answer. */
export const CONNECT_TIMEOUT_MS = 3_000;
/** For what a new connection has to say before it is used, with the login. */
export const OPENING_LIMIT_MS = 6_000;
/** For the server's goodbye to a connection that is no longer needed. */
export const END_LIMIT_MS = 2_000;
/** One statement; ours take milliseconds. */
export const STATEMENT_TIMEOUT_MS = 10_000;
/** For another process's transaction, as SQLite's busy timeout. */
export const LOCK_TIMEOUT_MS = 5_000;
/** The server ends a transaction in which nothing happens: a bot that was stopped must not block the others. */
export const IDLE_IN_TRANSACTION_MS = 10_000;
/** For a server that no longer answers at all. Longer than a statement may take, so that the server's own reason comes first. */
export const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2_000;
/** A whole transaction that writes. */
export const TURN_LIMIT_MS = 15_000;
/** For copying a whole record. */
export const COPY_LIMIT_MS = 24 * 60 * 60 * 1000;
/** Connections that only read. One more writes. */
export const READERS = 4;
/** Each statement about leases. */
export const RENEWAL_LIMIT_MS = 2_000;
