import type { AuditTrail } from '../workflow/ports/audit-trail.ts';
import type { HostSessions, Leases, Sights } from '../workflow/ports/bots.ts';
import type { Outbox } from '../workflow/ports/messages.ts';
import type { RecordStore } from '../workflow/ports/record.ts';

/** Where the record is. */
export type RecordPlace = {
  readonly url: string;
  /** The file with the password of a Postgres database. Null: the environment has it, or none is needed. */
  readonly passwordFile: string | null;
};

/** An open record, whichever database has it. */
export type OpenedStore = {
  readonly store: RecordStore;
  readonly outbox: Outbox;
  readonly auditTrail: AuditTrail;
  /** A round trip that takes the write lock. Rejects with StoreUnavailable when the record can no longer be written. */
  ping(): Promise<void>;
  /** Only as one of several bots. Without them, this process is the only bot of the record, or none. */
  readonly several?: { readonly leases: Leases; readonly sights: Sights; readonly sessions: HostSessions };
  /** Waits for running transactions. */
  close(): Promise<void>;
};

/** A record that is open for reading. */
export type OpenedTrail = { readonly auditTrail: AuditTrail; close(): Promise<void> };
