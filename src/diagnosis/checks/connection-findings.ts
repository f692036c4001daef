import type { ConnectionFindingId, Finding } from '../../model/diagnosis/finding.ts';
import type { NoAnswer } from '../../model/host/no-answer.ts';

/** The finding of a probe without usable facts. A warning: no fault of the registry is known. */
export function connectionFinding(id: ConnectionFindingId, why: NoAnswer): Finding {
  return { id, severity: 'warning', proof: 'unproven', path: null, why };
}
