import { z } from 'zod';
import { ChannelId, TeamId, UserId } from '../../../model/record/ids.ts';
import { type Replying, replyWithCard } from '../private-reply.ts';
import { requestKeyOf } from '../request-key.ts';
import type { TypedCommand } from './registry-command.ts';

/** Slack does not document a limit for trigger ids. Real ones are below 100 characters. */
const TriggerId = z.string().min(1).max(255);

/** A slash command as Slack sends it. Fields that are not read here are ignored. */
export const SlashCommand = z.object({
  text: z.string().max(4_000).default(''),
  team_id: TeamId,
  user_id: UserId,
  channel_id: ChannelId,
  /** `directmessage`, `mpdm-…` for a group, `privategroup` for what is private, otherwise the channel's name. */
  channel_name: z.string().max(255).default(''),
  trigger_id: TriggerId,
  response_url: z.url({ protocol: /^https?$/ }).max(2_000),
});
export type SlashCommand = z.infer<typeof SlashCommand>;

/** What was typed after `/registry`. Its answers go through the response_url. */
export function typedCommand(command: SlashCommand, replying: Replying): TypedCommand {
  const by = { team: command.team_id, user: command.user_id };
  const isDirect = isDirectMessage(command);
  return {
    text: command.text,
    by,
    channel: command.channel_id,
    isDirect,
    requestKey: requestKeyOf(command.team_id, command.trigger_id),
    isInThread: false,
    form: {
      by,
      triggerId: command.trigger_id,
      responseUrl: command.response_url,
      channel: isDirect ? null : command.channel_id,
    },
    answer: async (card) => {
      await replyWithCard({ responseUrl: command.response_url, threadTs: null }, card, replying);
    },
  };
}

/** A group's direct messages can also be called `privategroup`, as a private channel is: only Slack can say then. */
function isDirectMessage({ channel_id, channel_name }: SlashCommand): boolean {
  return channel_id.startsWith('D') || channel_name === 'directmessage' || channel_name.startsWith('mpdm-');
}
