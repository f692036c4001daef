import { z } from 'zod';
import { GroupId, UserId } from '../ids.ts';

/** The people who can decide on a plan. */
export const Approvers = z.strictObject({ users: z.array(UserId), groups: z.array(GroupId) });
export type Approvers = z.infer<typeof Approvers>;

/** The people on call for a host, who are mentioned when monitoring or an alert notices a fault of it. */
export const OnCall = Approvers.extend({
  /** Their quiet hours: they are named without a mention. */
  isQuiet: z.boolean(),
  /** What Slack calls them, found when the message is delivered in quiet hours. */
  names: z.array(z.string()).optional(),
});
export type OnCall = z.infer<typeof OnCall>;

/** Why people are called to a plan that waits: it expires soon, or no approver decides. */
export const PlanCall = z.enum(['reminder', 'escalation']);
export type PlanCall = z.infer<typeof PlanCall>;
