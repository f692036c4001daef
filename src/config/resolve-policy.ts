import type { Policy } from '../model/settings/settings.ts';
import type { PolicyEntry } from './schema/policy-schema.ts';

/** Without named people, anyone can request and no one can approve. High-risk plans need two approvers. */
const UNLESS_SAID: Policy = {
  requesters: null,
  approvers: null,
  allowSelfApproval: false,
  approvalTtlMinutes: 15,
  approvalsNeeded: { low: 1, high: 2 },
  broadcastPlans: false,
  remindMinutes: null,
  escalateAfterMinutes: 10,
  escalateTo: null,
  onCall: null,
  quietHours: null,
  channels: null,
};

/** One policy from several: for each key the first that has a value. A list of people or channels counts as a whole. */
export function resolvePolicy(nearestFirst: readonly (PolicyEntry | undefined)[]): Policy {
  return nearestFirst.reduceRight<Policy>(
    (farther, entry) => (entry ? laidOver(farther, entry) : farther),
    UNLESS_SAID,
  );
}

function laidOver(farther: Policy, nearer: PolicyEntry): Policy {
  return {
    requesters: nearer.requesters ?? farther.requesters,
    approvers: nearer.approvers ?? farther.approvers,
    allowSelfApproval: nearer.allowSelfApproval ?? farther.allowSelfApproval,
    approvalTtlMinutes: nearer.approvalTtlMinutes ?? farther.approvalTtlMinutes,
    approvalsNeeded: {
      low: nearer.approvalsNeeded?.low ?? farther.approvalsNeeded.low,
      high: nearer.approvalsNeeded?.high ?? farther.approvalsNeeded.high,
    },
    broadcastPlans: nearer.broadcastPlans ?? farther.broadcastPlans,
    remindMinutes: nearer.remindMinutes ?? farther.remindMinutes,
    escalateAfterMinutes: nearer.escalateAfterMinutes ?? farther.escalateAfterMinutes,
    escalateTo: nearer.escalateTo ?? farther.escalateTo,
    onCall: nearer.onCall ?? farther.onCall,
    quietHours: nearer.quietHours ?? farther.quietHours,
    channels: nearer.channels ?? farther.channels,
  };
}
