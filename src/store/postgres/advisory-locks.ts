/**
 * The locks of this program in one database (postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS): two
 * numbers of 32 bits, of which the first is `rd` in ASCII.
 */
const CLASS = 0x7264;

/** Held for a transaction that writes, from its first statement on. */
export const WRITER = [CLASS, 1] as const;
/** Held by the connection with which a bot writes, together with the other bots; by a process that must be alone, against them. */
export const BOTS = [CLASS, 2] as const;
