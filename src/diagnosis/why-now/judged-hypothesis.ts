import type { Evidence, Hypothesis } from '../../model/diagnosis/why-now.ts';
import type { FaultContext } from './fault-context.ts';

/** Whether the facts support one hypothesis, and the evidence. */
export type Assessment = Omit<Hypothesis, 'id'>;

/** Judges one hypothesis. Null: it is unrelated to this fault. */
export type JudgeHypothesis = (context: FaultContext) => Assessment | null;

/** The most pieces of evidence for one hypothesis. */
const MAX_EVIDENCE = 8;

/** The facts support the hypothesis. */
export function supported(
  strength: 'strong' | 'weak',
  evidence: readonly Evidence[],
  missing: readonly Evidence[] = [],
): Assessment {
  return {
    standing: 'supported',
    strength,
    evidence: evidence.slice(0, MAX_EVIDENCE),
    missing: missing.slice(0, MAX_EVIDENCE),
  };
}

/** The facts exclude the hypothesis. */
export function refuted(evidence: readonly Evidence[]): Assessment {
  return { standing: 'refuted', strength: null, evidence: evidence.slice(0, MAX_EVIDENCE), missing: [] };
}

/** The facts neither support nor exclude the hypothesis. `missing` is what would decide it. */
export function undecided(evidence: readonly Evidence[], missing: readonly Evidence[]): Assessment {
  return {
    standing: 'open',
    strength: null,
    evidence: evidence.slice(0, MAX_EVIDENCE),
    missing: missing.slice(0, MAX_EVIDENCE),
  };
}
