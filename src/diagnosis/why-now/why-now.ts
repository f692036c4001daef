import type { Finding } from '../../model/diagnosis/finding.ts';
import type { WhyNow } from '../../model/diagnosis/why-now.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { clockOf } from './clock.ts';
import { faultContextOf } from './fault-context.ts';
import { rankedHypotheses } from './hypotheses.ts';
import { timelineOf } from './timeline.ts';

/** Why the fault shows only now, as far as the host's records show. Null without a fault. */
export function explainWhyNow(judged: JudgedAccess, findings: readonly Finding[]): WhyNow | null {
  const { doubts, slack } = clockOf(judged.facts);
  const context = faultContextOf(judged, findings, slack);
  if (context === null) return null;
  return { timeline: [...timelineOf(context)], hypotheses: [...rankedHypotheses(context)], doubts: [...doubts] };
}
