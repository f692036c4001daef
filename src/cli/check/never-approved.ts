import type { HostSettings } from '../../model/settings/settings.ts';
import type { NeverApproved } from '../../words/never-approved.ts';

/** What no policy of these hosts lets anybody approve. A group may have anybody in it. */
export function neverApproved(hosts: Iterable<HostSettings>): readonly NeverApproved[] {
  return [...hosts].flatMap(({ name, policy: { approvers, approvalsNeeded } }): NeverApproved[] => {
    if (approvers !== null && approvers.groups.length > 0) return [];
    const named = new Set(approvers?.users).size;
    if (named === 0) return [{ host: name, risk: 'any', needed: approvalsNeeded.low, named }];
    return (['low', 'high'] as const)
      .filter((risk) => named < approvalsNeeded[risk])
      .map((risk) => ({ host: name, risk, needed: approvalsNeeded[risk], named }));
  });
}
