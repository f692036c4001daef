import type { ChannelId } from '../../model/record/ids.ts';
import type { People, Policy } from '../../model/settings/settings.ts';

/** Everyone, and every channel, that the bot has to find in Slack for these policies to have their meaning. */
export type Named = { readonly people: People; readonly channels: readonly ChannelId[] };

/** Lists the people and groups that the policies name, each once, in the order of the policies. */
export function namedIn(policies: readonly Policy[]): Named {
  const people = policies
    .flatMap(({ requesters, approvers, escalateTo, onCall }) => [requesters, approvers, escalateTo, onCall])
    .filter((list) => list !== null);
  return {
    people: {
      users: [...new Set(people.flatMap(({ users }) => users))],
      groups: [...new Set(people.flatMap(({ groups }) => groups))],
    },
    channels: [...new Set(policies.flatMap(({ channels }) => channels ?? []))],
  };
}
