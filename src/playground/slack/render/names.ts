import type { Workspace } from '../workspace.ts';

/** The names of ids, with the mark that Slack puts before a name. */
export type Names = {
  user(id: string): string;
  userGroup(id: string): string;
  channel(id: string): string;
};

/** The names of a workspace. An unknown id stands for its name. */
export function namesIn(workspace: Workspace): Names {
  return {
    user: (id) => `@${workspace.users.find((user) => user.id === id)?.name ?? id}`,
    userGroup: (id) => `@${workspace.userGroups.find((group) => group.id === id)?.handle ?? id}`,
    channel: (id) => `#${workspace.channels.find((channel) => channel.id === id)?.name ?? id}`,
  };
}
