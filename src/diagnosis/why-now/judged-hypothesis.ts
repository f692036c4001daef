import type { Evidence, Hypothesis } from '../../model/diagnosis/why-now.ts';
import type { FaultContext } from './fault-context.ts';

/** What the facts say about one hypothesis. */
export type Assessment = Omit<Hypothesis, 'id'>;

/** Judges one hypothesis. Null: it is unrelated to this fault. */
export type Judge = (context: FaultContext) => Assessment | null;

const MOST = 8;

export function supported(
  strength: 'strong' | 'weak',
  evidence: readonly Evidence[],
  missing: readonly Evidence[] = [],
): Assessment {
  return { standing: 'supported', strength, evidence: evidence.slice(0, MOST), missing: missing.slice(0, MOST) };
}

export function refuted(evidence: readonly Evidence[]): Assessment {
  return { standing: 'refuted', strength: null, evidence: evidence.slice(0, MOST), missing: [] };
}

export function open(evidence: readonly Evidence[], missing: readonly Evidence[]): Assessment {
  return { standing: 'open', strength: null, evidence: evidence.slice(0, MOST), missing: missing.slice(0, MOST) };
}
