import { z } from 'zod';
import { CONTENTS_FINDINGS } from './findings/contents.ts';
import { DISK_FINDINGS } from './findings/disk.ts';
import { DURABILITY_FINDINGS } from './findings/durability.ts';
import { FILE_FINDINGS } from './findings/files.ts';
import { NAMESPACE_FINDINGS } from './findings/namespaces.ts';
import { NO_ANSWER_FINDINGS } from './findings/no-answer.ts';
import { SERVICE_FINDINGS } from './findings/service.ts';
import { STORAGE_PATH_FINDINGS } from './findings/storage-path.ts';

/**
 * A fault, or something that could not be checked. The id names the failing state, and the other fields are the data
 * for its sentences (`words/`).
 */
export const Finding = z.discriminatedUnion('id', [
  ...STORAGE_PATH_FINDINGS,
  ...CONTENTS_FINDINGS,
  ...DISK_FINDINGS,
  ...FILE_FINDINGS,
  ...NAMESPACE_FINDINGS,
  ...SERVICE_FINDINGS,
  ...DURABILITY_FINDINGS,
  ...NO_ANSWER_FINDINGS,
]);
export type Finding = z.infer<typeof Finding>;
export type FindingId = Finding['id'];
export type FindingOf<Id extends FindingId> = Extract<Finding, { id: Id }>;

/** Findings for a host that gave no usable answer. */
export type ConnectionFindingId = Extract<
  FindingId,
  | 'login-key-unusable'
  | 'host-unreachable'
  | 'host-key-mismatch'
  | 'authentication-failed'
  | 'sudo-refused'
  | 'guard-mismatch'
  | 'guard-refused'
  | 'probe-timed-out'
  | 'probe-malformed'
>;

/** Findings that a check makes from facts. */
export type CheckedFindingId = Exclude<FindingId, ConnectionFindingId>;

/** The kind of a fault, by which the why-now answer (`why-now/`) chooses its hypotheses. */
export type FaultKind = 'denied' | 'not-there' | 'read-only' | 'security' | 'no-room' | 'service';

export { NoChmod, Proof, Severity } from './findings/basics.ts';
