import type { Duplex } from 'node:stream';

/** An open way to a server: a TCP connection, or one that a jump host forwards. */
export type Way = {
  readonly kind: 'connected';
  readonly stream: Duplex;
  /** Ends it at once, with everything that it goes through. */
  close(): void;
  /** Ends it once what was written is sent. */
  closeSoon(): void;
};
