import type { Finding } from '../../model/diagnosis/finding.ts';
import type { WhyNow } from '../../model/diagnosis/why-now.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { clockOf } from './clock.ts';
import { rankedHypotheses } from './hypotheses.ts';
import { sceneOf } from './scene.ts';
import { timelineOf } from './timeline.ts';

/** Why the fault shows only now, as far as the host's records tell. Null where nothing is wrong. */
export function explainWhyNow(judged: JudgedAccess, findings: readonly Finding[]): WhyNow | null {
  const { doubts, slack } = clockOf(judged.facts);
  const scene = sceneOf(judged, findings, slack);
  if (scene === null) return null;
  return { timeline: [...timelineOf(scene)], hypotheses: [...rankedHypotheses(scene)], doubts: [...doubts] };
}
