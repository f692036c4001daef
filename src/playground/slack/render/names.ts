import type { Workspace } from '../workspace.ts';

/** What ids are called, with the mark that Slack puts before a name. */
export type Names = {
  user(id: string): string;
  userGroup(id: string): string;
  channel(id: string): string;
};

/** The names of a workspace; an id that it does not know is shown as it is. */
export function namesIn(workspace: Workspace): Names {
  return {
    user: (id) => `@${workspace.users.find((user) => user.id === id)?.name ?? id}`,
    userGroup: (id) => `@${workspace.userGroups.find((group) => group.id === id)?.handle ?? id}`,
    channel: (id) => `#${workspace.channels.find((channel) => channel.id === id)?.name ?? id}`,
  };
}
