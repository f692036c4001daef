import type { Risk } from '../../model/plan/plan.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { NeverApproved } from '../../words/never-approved.ts';

/** Finds plans that no one could approve under the hosts' policies. A user group counts as having enough members. */
export function neverApproved(hosts: Iterable<HostSettings>): readonly NeverApproved[] {
  return [...hosts].flatMap((host): readonly NeverApproved[] => {
    const { approvers, approvalsNeeded } = host.policy;
    if (approvers !== null && approvers.groups.length > 0) return [];
    const named = new Set(approvers?.users).size;
    if (named === 0) return [{ host: host.name, risk: 'any', needed: approvalsNeeded.low, why: 'no-one-named' }];
    const found = (['low', 'high'] as const).flatMap((risk) => shortOf(host, risk, named) ?? []);
    return mergeRisks(found);
  });
}

function shortOf(host: HostSettings, risk: Risk, named: number): NeverApproved | null {
  const { name, policy } = host;
  const needed = policy.approvalsNeeded[risk];
  const about = { host: name, risk, needed };
  if (named < needed) return { ...about, why: 'too-few-named', named };
  if (policy.allowSelfApproval || named - 1 >= needed || !approversMayRequest(host)) return null;
  return { ...about, why: othersMayRequest(host) ? 'if-approver-requests' : 'only-approvers-request', left: named - 1 };
}

function approversMayRequest({ policy: { requesters, approvers } }: HostSettings): boolean {
  if (requesters === null || requesters.groups.length > 0) return true;
  return requesters.users.some((user) => approvers?.users.includes(user));
}

/** Whether anyone other than this approver can request a diagnosis. Monitoring is such a requester. */
function othersMayRequest({ watch, policy: { requesters, approvers } }: HostSettings): boolean {
  if (watch !== null || requesters === null || requesters.groups.length > 0) return true;
  return requesters.users.some((user) => !approvers?.users.includes(user));
}

/** Merges the problems of both risks into one if they have the same text. */
function mergeRisks(found: readonly NeverApproved[]): readonly NeverApproved[] {
  const [low, high] = found;
  if (low === undefined || high === undefined) return found;
  const isOne = low.needed === high.needed && low.why === high.why;
  return isOne && low.why !== 'too-few-named' ? [{ ...low, risk: 'any' }] : found;
}
