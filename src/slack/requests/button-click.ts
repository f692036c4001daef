import { z } from 'zod';
import { ChannelId, TeamId, UserId } from '../../model/record/ids.ts';

/**
 * A click on a button as Slack sends it. `user.team_id` is the clicking person's own workspace, which in a shared
 * channel is not the one where the app is installed. The value is a text to look up, and the block's id says which plan
 * the card showed. Nothing else of the message is read.
 */
export const ButtonClick = z.object({
  user: z.object({ id: UserId, team_id: TeamId }),
  channel: z.object({ id: ChannelId }),
  container: z.object({ thread_ts: z.string().max(64).optional() }).optional(),
  trigger_id: z.string().min(1).max(255),
  response_url: z.url({ protocol: /^https?$/ }).max(2_000),
  actions: z.tuple([
    z.object({ action_id: z.string(), block_id: z.string().max(255).optional(), value: z.string().max(255) }),
  ]),
});
/** The same for a button of another version, of which nothing else is known. */
export const UnknownClick = ButtonClick.pick({ user: true, container: true, trigger_id: true, response_url: true });

export type ButtonClick = z.infer<typeof ButtonClick>;
