import type { ConnectionFindingId, Finding } from '../../model/diagnosis/finding.ts';
import type { NoAnswer } from '../../model/host/no-answer.ts';

/** The finding of a probe that brought nothing to judge. A warning: nothing is known to be wrong with the registry. */
export function connectionFinding(id: ConnectionFindingId, why: NoAnswer): Finding {
  return { id, severity: 'warning', proof: 'unproven', path: null, why };
}
