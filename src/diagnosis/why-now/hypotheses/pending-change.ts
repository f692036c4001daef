import type { EvidenceId } from '../../../model/diagnosis/why-now.ts';
import { type Judge, open, refuted, supported } from '../judged-hypothesis.ts';
import { changesSinceOldStart } from './changes-since-old-start.ts';

const EVENTS = new Map<'package-change' | 'reconfigure', EvidenceId>([
  ['package-change', 'package-changed'],
  ['reconfigure', 'reconfigured'],
]);

/** A new config or package was already installed, and the start after the boot was the first to use it. */
export const pendingChange: Judge = (context) => {
  const { since, perhapsSince, afterFault, allOlder, older, missing } = changesSinceOldStart(context, {
    roles: ['config', 'binary'],
    otherRoles: ['run-script'],
    events: EVENTS,
    counts: () => true,
  });
  if (since.length > 0) return supported(context.fault === 'service' ? 'strong' : 'weak', since);
  if (allOlder) return refuted(older);
  return open([...perhapsSince, ...afterFault], missing);
};
