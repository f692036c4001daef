import type { Duplex } from 'node:stream';

/** An open transport to a server: a TCP connection, or one that a jump host forwards. */
export type Transport = {
  readonly kind: 'connected';
  readonly stream: Duplex;
  /** Closes it at once, with everything that it goes through. */
  close(): void;
  /** Closes it once written data is sent. */
  closeSoon(): void;
};
