import type { HostSettings } from '../model/settings.ts';
import type { NeverApproved } from '../words/en/cli.ts';

/** What no policy of these hosts lets anybody approve. A group may have anybody in it. Where nobody is named at all, that was said on purpose. */
export function neverApproved(hosts: Iterable<HostSettings>): readonly NeverApproved[] {
  return [...hosts].flatMap(({ name, policy: { approvers, approvalsNeeded } }) => {
    if (approvers === null || approvers.groups.length > 0) return [];
    const named = new Set(approvers.users).size;
    return (['low', 'high'] as const)
      .filter((risk) => named < approvalsNeeded[risk])
      .map((risk) => ({ host: name, risk, needed: approvalsNeeded[risk], named }));
  });
}
