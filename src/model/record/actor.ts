import { z } from 'zod';
import { AlertSourceName } from './alert.ts';
import { TeamId, UserId } from './ids.ts';

/** Who did something: a person in Slack, the bot itself, a source of alerts, someone at a terminal, or someone who can send signals. */
export const Actor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slack-user'), team: TeamId, user: UserId }),
  z.strictObject({ kind: z.literal('bot'), part: z.enum(['watch', 'deep-look', 'workflow']) }),
  z.strictObject({ kind: z.literal('signal'), signal: z.literal('SIGHUP') }),
  z.strictObject({ kind: z.literal('alert'), source: AlertSourceName }),
  z.strictObject({
    kind: z.literal('terminal'),
    user: z.string(),
    /** The break-glass key and its name in the file of allowed signers. Absent: none was used. */
    breakGlass: z.strictObject({ principal: z.string(), fingerprint: z.string() }).optional(),
  }),
]);
export type Actor = z.infer<typeof Actor>;
