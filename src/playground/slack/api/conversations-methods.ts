import { z } from 'zod';
import type { StandInState } from '../state.ts';
import type { SlackMessage } from '../stores/message-store.ts';
import { type ApiAnswer, answer, refuse } from './answer.ts';
import { Flag, Limit, Timestamp } from './arguments.ts';
import { findReadable, type ScopeByKind } from './find-conversation.ts';
import { apiMethod } from './method.ts';
import { presentChannel, presentMessage } from './present.ts';

const READ: ScopeByKind = { public: 'channels:read', private: 'groups:read', im: 'im:read', mpim: 'mpim:read' };
const HISTORY: ScopeByKind = {
  public: 'channels:history',
  private: 'groups:history',
  im: 'im:history',
  mpim: 'mpim:history',
};

export const conversationsInfo = apiMethod({
  name: 'conversations.info',
  token: 'bot',
  scopes: Object.values(READ),
  takesJson: false,
  arguments: z.object({ channel: z.string(), include_num_members: Flag.optional() }),
  call: (args, state) => {
    const found = findReadable(args.channel, READ, state);
    if (found.kind === 'refused') return found.answer;
    const members = args.include_num_members === true ? { num_members: found.channel.members.length } : {};
    return answer({ channel: { ...presentChannel(found.channel, state), ...members } });
  },
});

export const conversationsOpen = apiMethod({
  name: 'conversations.open',
  token: 'bot',
  scopes: ['im:write', 'mpim:write'],
  takesJson: true,
  arguments: z.object({ users: z.string(), return_im: Flag.optional() }),
  call: (args, state) => {
    const user = state.workspace.users.find(({ id }) => id === args.users);
    if (user === undefined) return refuse('user_not_found');
    if (user.account === 'deactivated') return refuse('user_disabled');
    if (user.account === 'bot') return refuse('cannot_dm_bot');
    const channel = state.conversations.openDirect(user.id);
    return answer({ channel: args.return_im === true ? presentChannel(channel, state) : { id: channel.id } });
  },
});

const page = {
  channel: z.string(),
  cursor: z.string().optional(),
  limit: Limit(1000, 100),
  oldest: Timestamp.default('0'),
  latest: Timestamp.optional(),
  inclusive: Flag.default(false),
  include_all_metadata: Flag.default(false),
};
type Page = z.output<z.ZodObject<typeof page>>;

export const conversationsHistory = apiMethod({
  name: 'conversations.history',
  token: 'bot',
  scopes: Object.values(HISTORY),
  takesJson: false,
  arguments: z.object(page),
  call: (args, state) => {
    const found = findReadable(args.channel, HISTORY, state);
    if (found.kind === 'refused') return found.answer;
    if (!state.conversations.hasBot(found.channel)) return refuse('not_in_channel');
    const messages = state.messages
      .inChannel(found.channel.id)
      .filter((message) => message.threadTs === null || message.isBroadcast);
    return onePage(messages.toReversed(), args, state);
  },
});

export const conversationsReplies = apiMethod({
  name: 'conversations.replies',
  token: 'bot',
  scopes: Object.values(HISTORY),
  takesJson: false,
  arguments: z.object({ ...page, limit: Limit(1000, 1000), ts: Timestamp }),
  call: (args, state) => {
    const found = findReadable(args.channel, HISTORY, state);
    if (found.kind === 'refused') return found.answer;
    if (!state.conversations.hasBot(found.channel)) return refuse('not_in_channel');
    if (state.messages.find(found.channel.id, args.ts) === undefined) return refuse('thread_not_found');
    return onePage(state.messages.thread(found.channel.id, args.ts), args, state);
  },
});

function onePage(messages: readonly SlackMessage[], args: Page, state: StandInState): ApiAnswer {
  const start = args.cursor === undefined ? 0 : Number(Buffer.from(args.cursor, 'base64').toString());
  if (!Number.isSafeInteger(start) || start < 0) return refuse('invalid_cursor');
  const wanted = messages.filter((message) => isWithin(message.ts, args));
  const end = start + args.limit;
  const hasMore = end < wanted.length;
  return answer({
    messages: wanted.slice(start, end).map((message) => presentMessage(message, state, args.include_all_metadata)),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? Buffer.from(String(end)).toString('base64') : '' },
  });
}

function isWithin(ts: string, { oldest, latest, inclusive }: Page): boolean {
  const at = Number(ts);
  if (inclusive && (at === Number(oldest) || at === Number(latest))) return true;
  return at > Number(oldest) && (latest === undefined || at < Number(latest));
}
