import { z } from 'zod';
import { ChannelId, TeamId, UserId } from '../../model/record/ids.ts';

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
