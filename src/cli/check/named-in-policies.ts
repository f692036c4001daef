import type { ChannelId } from '../../model/record/ids.ts';
import type { People, Policy } from '../../model/settings/settings.ts';

/** The people, groups and channels that the bot must find in Slack for the policies to work. */
export type Named = { readonly people: People; readonly channels: readonly ChannelId[] };

/** Lists the people and groups that the policies name, each once, in the order of the policies. */
export function namedIn(policies: readonly Policy[]): Named {
  const people = policies
    .flatMap(({ requesters, approvers }) => [requesters, approvers])
    .filter((list) => list !== null);
  return {
    people: {
      users: [...new Set(people.flatMap(({ users }) => users))],
      groups: [...new Set(people.flatMap(({ groups }) => groups))],
    },
    channels: [...new Set(policies.flatMap(({ channels }) => channels ?? []))],
  };
}
