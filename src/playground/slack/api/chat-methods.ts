import { z } from 'zod';
import { answer, refuse } from './answer.ts';
import { Flag, Timestamp } from './arguments.ts';
import { findWritable } from './find-conversation.ts';
import { apiMethod } from './method.ts';
import { presentMessage } from './present.ts';
import { contentArguments, readContent } from './read-content.ts';

/** chat.postMessage cuts longer text off and warns; chat.postEphemeral refuses it. */
const MAX_TEXT = 40_000;
/** chat.update refuses longer text. */
const MAX_TEXT_OF_UPDATE = 4000;

const TRUNCATED = {
  warning: 'message_truncated',
  response_metadata: {
    warnings: ['message_truncated'],
    messages: ['[WARN] Your message was truncated but still posted'],
  },
};

export const chatPostMessage = apiMethod({
  name: 'chat.postMessage',
  token: 'bot',
  scopes: ['chat:write'],
  takesJson: true,
  arguments: z.object({
    channel: z.string(),
    ...contentArguments,
    thread_ts: Timestamp.nullish(),
    reply_broadcast: Flag.optional(),
  }),
  call: (args, state) => {
    const found = findWritable(args.channel, state);
    if (found.kind === 'refused') return found.answer;
    const read = readContent(args);
    if (read.kind === 'refused') return read.answer;
    const { text = '', blocks = [], metadata = null } = read.content;
    if (text === '' && blocks.length === 0) return refuse('no_text');
    const thread = args.thread_ts ? state.messages.find(found.channel.id, args.thread_ts) : null;
    if (thread === undefined) return refuse('thread_not_found');
    const message = state.messages.post({
      channel: found.channel.id,
      // A reply to a reply goes to the same thread: threads do not nest.
      threadTs: thread === null ? null : (thread.threadTs ?? thread.ts),
      user: state.workspace.app.botUserId,
      isBroadcast: thread !== null && args.reply_broadcast === true,
      text: text.slice(0, MAX_TEXT),
      blocks,
      metadata,
    });
    return answer({
      channel: message.channel,
      ts: message.ts,
      message: presentMessage(message, state, true),
      ...(text.length > MAX_TEXT ? TRUNCATED : {}),
    });
  },
});

export const chatUpdate = apiMethod({
  name: 'chat.update',
  token: 'bot',
  scopes: ['chat:write'],
  takesJson: true,
  arguments: z.object({ channel: z.string(), ts: Timestamp, ...contentArguments }),
  call: (args, state) => {
    const channel = state.conversations.visibleToBot(args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const message = state.messages.find(channel.id, args.ts);
    if (message === undefined) return refuse('message_not_found');
    if (channel.isArchived) return refuse('is_inactive');
    if (message.user !== state.workspace.app.botUserId) return refuse('cant_update_message');
    const read = readContent(args);
    if (read.kind === 'refused') return read.answer;
    const { text, blocks, metadata } = read.content;
    if ((text ?? '') === '' && (blocks ?? []).length === 0) return refuse('no_text');
    if (text !== undefined && text.length > MAX_TEXT_OF_UPDATE) return refuse('msg_too_long');
    const updated = state.messages.edit(message, {
      text: text ?? message.text,
      // New text without blocks replaces the old blocks. Otherwise the new text would never be shown.
      blocks: blocks ?? [],
      metadata: metadata === undefined ? message.metadata : metadata,
    });
    return answer({
      channel: updated.channel,
      ts: updated.ts,
      text: updated.text,
      message: presentMessage(updated, state, true),
    });
  },
});

export const chatDelete = apiMethod({
  name: 'chat.delete',
  token: 'bot',
  scopes: ['chat:write'],
  takesJson: true,
  arguments: z.object({ channel: z.string(), ts: Timestamp }),
  call: (args, state) => {
    const channel = state.conversations.visibleToBot(args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const message = state.messages.find(channel.id, args.ts);
    if (message === undefined) return refuse('message_not_found');
    if (message.user !== state.workspace.app.botUserId) return refuse('cant_delete_message');
    state.messages.delete(message);
    return answer({ channel: channel.id, ts: message.ts });
  },
});

export const chatPostEphemeral = apiMethod({
  name: 'chat.postEphemeral',
  token: 'bot',
  scopes: ['chat:write'],
  takesJson: true,
  arguments: z.object({
    channel: z.string(),
    user: z.string(),
    ...contentArguments,
    thread_ts: Timestamp.nullish(),
  }),
  call: (args, state) => {
    const found = findWritable(args.channel, state);
    if (found.kind === 'refused') return found.answer;
    if (!found.channel.members.includes(args.user)) return refuse('user_not_in_channel');
    const read = readContent(args);
    if (read.kind === 'refused') return read.answer;
    const { text = '', blocks = [] } = read.content;
    if (text === '' && blocks.length === 0) return refuse('no_text');
    if (text.length > MAX_TEXT) return refuse('msg_too_long');
    const ts = state.messages.nextTs();
    state.ephemerals.add({
      ts,
      user: args.user,
      channel: found.channel.id,
      threadTs: args.thread_ts ?? null,
      via: 'chat.postEphemeral',
      responseUrl: null,
      text,
      blocks,
      metadata: null,
    });
    return answer({ message_ts: ts });
  },
});
