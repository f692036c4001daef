import { z } from 'zod';
import { Fact, unknown } from '../fact.ts';
import { HostPath } from './host-path.ts';
import { UnixSeconds } from './posix.ts';

/**
 * The kind of complaint in a line of the registry's log, recognized by the registry's own wording, and `maintenance` by a push
 * that is refused with 405.
 */
export const LogComplaint = z.enum([
  'permission-denied',
  'read-only-filesystem',
  'no-space',
  'not-permitted',
  'not-a-directory',
  'stale-handle',
  'io-error',
  'is-a-directory',
  'missing-file',
  'health-check-failed',
  'port-taken',
  'address-unavailable',
  'port-not-permitted',
  'upstream',
  'out-of-memory',
  'token-certificate',
  'token-time',
  'database',
  'lock-file',
  'redis',
  'redis-refuses',
  'object-storage',
  'maintenance',
  'bad-config',
]);
export type LogComplaint = z.infer<typeof LogComplaint>;

/** One request in an access line. */
export const LoggedAccess = z.strictObject({
  /** The time of the request. Null: the line has no readable time. */
  at: UnixSeconds.nullable(),
  method: z.string().max(16),
  /** The path of the URL, without its query. */
  path: z.string().max(300),
  status: z.number().int().min(100).max(599),
});
export type LoggedAccess = z.infer<typeof LoggedAccess>;

/** Requests of one kind that the registry could not serve. */
export const FailedRequests = z.strictObject({
  /** How many failed after the last one of this kind that succeeded. */
  count: z.number().int().min(1),
  /** The last failed request. */
  last: LoggedAccess,
  /** The registry's message about the last failure. */
  words: z.string().max(400).nullable(),
  complaint: LogComplaint.nullable(),
  /** The path on the host that the message names. */
  path: HostPath.nullable(),
});
export type FailedRequests = z.infer<typeof FailedRequests>;

/** How far back requests are counted. */
export const COUNTED_MINUTES = 15;

/** The requests for a repository that the registry answered in one minute. */
export const RequestMinute = z.strictObject({
  /** When the minute began. */
  at: UnixSeconds,
  requests: z.number().int().min(1),
  /** How many ended in 5xx, without those that the client aborted or cut short. */
  failed: z.number().int().min(0),
  /** The first request that failed. Null: none did, or its line was too long to be sent. */
  firstFailed: LoggedAccess.nullable(),
});
export type RequestMinute = z.infer<typeof RequestMinute>;

/** The registry's logs, current and rotated, as far as they were read. */
export const RegistryLogs = z.strictObject({
  /** Oldest first. `cut`: only the end of the file was read. */
  files: z.array(z.strictObject({ name: z.string(), bytes: z.number().int().min(0), cut: z.boolean() })).max(32),
  /** Time of the first and last line that has one. */
  from: UnixSeconds.nullable(),
  to: UnixSeconds.nullable(),
  countByStatus: z.record(z.string().regex(/^[1-5]\d\d$/), z.number().int().min(1)),
  /**
   * The first of the unbroken 5xx answers at the end. Null if the last answer was no 5xx. If nothing before it was read
   * (see `cut`), the failures might have begun earlier.
   */
  firstBadOfLastRun: LoggedAccess.nullable(),
  firstBad: LoggedAccess.nullable(),
  lastBad: LoggedAccess.nullable(),
  /** The last 2xx for a manifest or a blob: proof that the storage was usable. `/v2/` proves nothing about that. */
  lastGoodStorage: LoggedAccess.nullable(),
  lastGood: LoggedAccess.nullable(),
  complaints: z
    .array(
      z.strictObject({
        complaint: LogComplaint,
        count: z.number().int().min(1),
        firstAt: UnixSeconds.nullable(),
        lastAt: UnixSeconds.nullable(),
        /** The registry's own message of the last one, shortened and without secrets. */
        words: z.string().max(400),
        path: HostPath.nullable(),
        /** The method of the request that the last one is about. Null: of none that is logged. */
        method: LoggedAccess.shape.method.nullable().default(null),
        /** Whether it came after the registry last began to listen. */
        sinceStart: z.boolean().default(false),
        /** Whether it came after the last request for a manifest or a blob that succeeded. */
        sinceGoodStorage: z.boolean().default(false),
      }),
    )
    .max(32),
  /**
   * Pushes and pulls that ended in 5xx without a later success. Without those that a client aborted or cut short, and
   * without 503: a registry whose health check fails answers everything with it. Null: none.
   */
  failedPushes: FailedRequests.nullable().default(null),
  failedPulls: FailedRequests.nullable().default(null),
  /** The minutes with requests in the {@link COUNTED_MINUTES} before the probe, oldest first. Absent: no requests. */
  requestMinutes: Fact(
    z
      .array(RequestMinute)
      .min(1)
      .max(COUNTED_MINUTES + 1),
  ).default(unknown('not-looked-at')),
  /** The lines with which a registry process ended itself (fatal, panic, unreadable config). Null: none. */
  aborts: z
    .strictObject({
      count: z.number().int().min(1),
      firstAt: UnixSeconds.nullable(),
      lastAt: UnixSeconds.nullable(),
      /** The kind of complaint in the last of these lines, and its text. */
      complaint: LogComplaint.nullable(),
      words: z.string().max(400),
      path: HostPath.nullable(),
      sinceStart: z.boolean(),
    })
    .nullable()
    .default(null),
  /** Lines in no known format. */
  unreadLines: z.number().int().min(0),
});
export type RegistryLogs = z.infer<typeof RegistryLogs>;
