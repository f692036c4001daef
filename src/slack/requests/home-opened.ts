import { z } from 'zod';
import { TeamId, UserId } from '../../model/record/ids.ts';

/** The event by which Slack says that a person has opened one of the bot's tabs. */
export const HomeOpened = z.object({
  /** The workspace in which the app is installed. */
  team_id: TeamId,
  event_id: z.string().min(1).max(255),
  event: z.object({ user: UserId, tab: z.string().max(64).default('home') }),
});
export type HomeOpened = z.infer<typeof HomeOpened>;
