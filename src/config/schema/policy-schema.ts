import { z } from 'zod';
import { ChannelId, GroupId, HostName, UserId } from '../../model/record/ids.ts';
import type { Expectation } from '../../model/settings/config-problem.ts';
import { boolean, expecting, leaf, wholeNumber } from './leaf.ts';
import { timeOfDay, timeZone } from './time-leaves.ts';

export const channelId = leaf(ChannelId, { kind: 'channel-id' });

const People = z.strictObject({
  users: z.array(leaf(UserId, { kind: 'user-id' })).default([]),
  groups: z.array(leaf(GroupId, { kind: 'group-id' })).default([]),
});

const QuietHours = z
  .strictObject({ from: timeOfDay, to: timeOfDay, zone: timeZone })
  .refine(({ from, to }) => from !== to, { path: ['to'], ...expecting({ kind: 'other-time' }) });

const approvals = wholeNumber(1, 5);
const ApprovalsNeeded = z.strictObject({ low: approvals.optional(), high: approvals.optional() });

/** The policy of all hosts, of a group, or of one host. The next wider policy fills in missing keys. */
export const Policy = z.strictObject({
  requesters: People.optional(),
  approvers: People.optional(),
  approvalsNeeded: ApprovalsNeeded.optional(),
  allowSelfApproval: boolean.optional(),
  approvalTtlMinutes: wholeNumber(1, 120).optional(),
  broadcastPlans: boolean.optional(),
  remindMinutes: wholeNumber(0, 119).optional(),
  escalateAfterMinutes: wholeNumber(1, 119).optional(),
  escalateTo: People.optional(),
  onCall: People.optional(),
  quietHours: QuietHours.optional(),
  channels: z.array(channelId).min(1).optional(),
});
export type PolicyEntry = z.output<typeof Policy>;

export const HostGroup = z.strictObject({
  hosts: z.array(leaf(HostName, { kind: 'host-name' })).min(1),
  policy: Policy.optional(),
});
export type HostGroup = z.output<typeof HostGroup>;

/** The keys of a policy and of its sections, by path below it. */
export const POLICY_SECTIONS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(Policy.shape),
  '.requesters': Object.keys(People.shape),
  '.approvers': Object.keys(People.shape),
  '.approvalsNeeded': Object.keys(ApprovalsNeeded.shape),
  '.escalateTo': Object.keys(People.shape),
  '.onCall': Object.keys(People.shape),
  '.quietHours': Object.keys(QuietHours.shape),
};

type Stray = { readonly path: readonly (string | number)[]; readonly allowed: Expectation };

/**
 * Finds entries of host groups that are no known host, or a host that is in another group already, so that it is
 * unclear which policy it has.
 */
export function strayGroupHosts(
  groups: Readonly<Record<string, HostGroup>>,
  known: ReadonlySet<string>,
): readonly Stray[] {
  const groupOf = new Map<HostName, string>();
  const stray: Stray[] = [];
  for (const [group, { hosts }] of Object.entries(groups)) {
    for (const [index, host] of hosts.entries()) {
      const path = ['hostGroups', group, 'hosts', index];
      const other = groupOf.get(host);
      if (!known.has(host)) stray.push({ path, allowed: { kind: 'known-host' } });
      else if (other !== undefined) stray.push({ path, allowed: { kind: 'host-of-no-group', group: other } });
      groupOf.set(host, group);
    }
  }
  return stray;
}
