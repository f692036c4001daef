import type { EvidenceId } from '../../../model/diagnosis/why-now.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';
import { changesSinceOldStart } from './changes-since-old-start.ts';

const EVIDENCE_BY_EVENT = new Map<'package-change' | 'reconfigure', EvidenceId>([
  ['package-change', 'package-changed'],
  ['reconfigure', 'reconfigured'],
]);

/** Hypothesis: the start after the boot was the first to use a new config or package. */
export const pendingChange: JudgeHypothesis = (context) => {
  const { since, perhapsSince, afterFault, allOlder, older, missing } = changesSinceOldStart(context, {
    roles: ['config', 'binary'],
    otherRoles: ['run-script'],
    events: EVIDENCE_BY_EVENT,
    isRelevant: () => true,
  });
  if (since.length > 0) return supported(context.fault === 'service' ? 'strong' : 'weak', since);
  if (allOlder) return refuted(older);
  return undecided([...perhapsSince, ...afterFault], missing);
};
