import { z } from 'zod';
import { answer } from './answer.ts';
import { apiMethod } from './method.ts';

export const authTest = apiMethod({
  name: 'auth.test',
  token: 'bot',
  scopes: [],
  takesJson: true,
  arguments: z.object({}),
  call: (_, { workspace: { team, app } }) =>
    answer({
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      user: app.botName,
      team_id: team.id,
      user_id: app.botUserId,
      bot_id: app.botId,
      is_enterprise_install: false,
    }),
});

export const appsConnectionsOpen = apiMethod({
  name: 'apps.connections.open',
  token: 'app',
  scopes: ['connections:write'],
  takesJson: true,
  arguments: z.object({}),
  call: (_, state, baseUrl) => answer({ url: state.openSocketTicket(baseUrl) }),
});
