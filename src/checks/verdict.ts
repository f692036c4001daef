import type { Verdict } from '../model/diagnosis.ts';
import type { Finding, FindingId } from '../model/finding.ts';

/** Findings that keep a host from being called healthy though nothing is known to be wrong, unless they are mere information. */
export const INCONCLUSIVE: ReadonlySet<FindingId> = new Set<FindingId>([
  'access-disagreement',
  'access-not-judged',
  'disk-not-judged',
  'security-module-denies',
  'wrong-owner',
  'file-unusable',
  'images-unseen',
  'storage-empty',
  'contents-not-judged',
  'path-not-visible',
  'identity-unknown',
  'storage-root-unknown',
  'other-mount-namespace',
  'storage-not-on-disk',
  'registry-not-answering',
  'pushes-failed',
  'pulls-failed',
  'upstream-unreachable',
  'login-key-unusable',
  'host-unreachable',
  'host-key-mismatch',
  'authentication-failed',
  'sudo-refused',
  'probe-timed-out',
  'probe-malformed',
]);

/** A fault outranks what could not be judged, and that outranks health. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ severity }) => severity === 'fault')) return 'faulty';
  return findings.some(({ id, severity }) => severity !== 'info' && INCONCLUSIVE.has(id)) ? 'inconclusive' : 'healthy';
}
