import type { ConnectionFindingId, Finding } from '../../model/diagnosis/finding.ts';

/** The finding of a probe that brought nothing to judge. A warning: nothing is known to be wrong with the registry. */
export function connectionFinding(id: ConnectionFindingId, why: string): Finding {
  return { id, severity: 'warning', proof: 'unproven', path: null, why };
}
