import { z } from 'zod';
import { answer, refuse } from './answer.ts';
import { Flag } from './arguments.ts';
import { apiMethod } from './method.ts';
import { presentUser, presentUserGroup } from './present.ts';

export const usersInfo = apiMethod({
  name: 'users.info',
  token: 'bot',
  scopes: ['users:read'],
  takesJson: false,
  arguments: z.object({ user: z.string(), include_locale: Flag.default(false) }),
  call: (args, { workspace }) => {
    const user = workspace.users.find(({ id }) => id === args.user);
    return user === undefined
      ? refuse('user_not_found')
      : answer({ user: presentUser(user, workspace, args.include_locale) });
  },
});

export const usergroupsList = apiMethod({
  name: 'usergroups.list',
  token: 'bot',
  scopes: ['usergroups:read'],
  takesJson: false,
  arguments: z.object({ include_disabled: Flag.default(false), include_users: Flag.default(false) }),
  call: (args, { workspace }) => {
    const groups = workspace.userGroups.filter((group) => args.include_disabled || !group.isDisabled);
    return answer({ usergroups: groups.map((group) => presentUserGroup(group, workspace, args.include_users)) });
  },
});

export const usergroupsUsersList = apiMethod({
  name: 'usergroups.users.list',
  token: 'bot',
  scopes: ['usergroups:read'],
  takesJson: false,
  arguments: z.object({ usergroup: z.string(), include_disabled: Flag.default(false) }),
  call: (args, { workspace }) => {
    const group = workspace.userGroups.find(({ id }) => id === args.usergroup);
    if (group === undefined || (group.isDisabled && !args.include_disabled)) return refuse('no_such_subteam');
    return answer({ users: group.users });
  },
});
