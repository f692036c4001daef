import type { Finding, FindingId } from '../model/finding.ts';

/** What can go wrong before there are facts to judge. */
export type ConnectionFindingId = Extract<
  FindingId,
  | 'host-unreachable'
  | 'host-key-mismatch'
  | 'authentication-failed'
  | 'sudo-refused'
  | 'probe-timed-out'
  | 'probe-malformed'
>;

/** The finding of a probe that brought nothing to judge. A warning: nothing is known to be wrong with the registry. */
export function connectionFinding(id: ConnectionFindingId, why: string): Finding {
  return { id, severity: 'warning', proof: 'unproven', path: null, why };
}
