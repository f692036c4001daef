import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { ConnectionFindingId, Finding } from '../../model/diagnosis/finding.ts';

/** The finding for a host that gave no usable answer. A warning, because no fault of the registry is known. */
export function connectionFinding(id: ConnectionFindingId, why: NoAnswer): Finding {
  return { id, severity: 'warning', proof: 'unproven', path: null, why };
}
