import type { AuditEntry } from '../../model/record/audit.ts';
import type { SignedCheckpoint } from '../../model/record/checkpoint.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { IncidentRecord, RecordCheck } from '../../model/record/record.ts';
import type { KeptBody } from '../../record/bodies.ts';
import type { VerifiedBy } from '../../record/check/check-record.ts';
import type { ShownMessage, SlackPost, SlackReading } from '../../record/check/slack-reading.ts';

export type { ShownMessage, SlackPost, SlackReading };

/** The record, for those who read it. */

/** All entries of one incident, or of every incident that has an entry from `since` on and before `until`. */
export type EntriesWanted = { readonly incidentId: IncidentId } | { readonly since: Date; readonly until: Date | null };

/** `entry`: null if its row can't be read. Then `at` is what that row has in place of a time. */
export type StoredEntry = { readonly sequence: number; readonly at: string; readonly entry: AuditEntry | null };

/** Reads the record for people. Changes nothing. */
export interface AuditTrail {
  /** In order: the newest `limit` of them, of one incident if `incidentId` is given. */
  list(which: { readonly incidentId?: IncidentId; readonly limit?: number }): Promise<readonly AuditEntry[]>;
  /** The first `limit` entries after this number, in order, of all incidents. */
  entriesAfter(sequence: number, limit: number): Promise<readonly AuditEntry[]>;
  /** As {@link entriesAfter}, also past rows that can't be read. */
  storedAfter(sequence: number, limit: number): Promise<readonly StoredEntry[]>;
  /** Checks every entry, the chain, its end, and everything else stored that witnesses it. */
  verify(by?: VerifiedBy): Promise<RecordCheck>;
  /** The checkpoint over the most entries. Null: there is none. */
  newestCheckpoint(): Promise<SignedCheckpoint | null>;
  /** The hashes of the entries after this one, in order. */
  entryHashes(sequence: number, limit: number): Promise<readonly string[]>;
  /** The numbers of entries, by incident and in order. */
  entryNumbers(
    wanted: EntriesWanted,
  ): Promise<readonly { readonly incidentId: IncidentId; readonly sequence: number }[]>;
  /** The newest checkpoint that a witness cosigned, with its cosignatures. Null: there is none. */
  newestCosigned(): Promise<SignedCheckpoint | null>;
  /** The messages, as Slack should show them. */
  shownMessages(): Promise<readonly ShownMessage[]>;
  /** Reads an incident with all that belongs to it. Null: there is no such incident. */
  incidentRecord(id: IncidentId): Promise<IncidentRecord | null>;
  /** The diagnoses and verifications of an incident as they are stored, in order. */
  keptBodies(id: IncidentId): Promise<readonly KeptBody[]>;
}
