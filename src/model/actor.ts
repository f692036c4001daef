import { z } from 'zod';
import { TeamId, UserId } from './ids.ts';

/** Who did something: a person in Slack, the bot itself, or somebody at a terminal. */
export const Actor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slack-user'), team: TeamId, user: UserId }),
  z.strictObject({ kind: z.literal('bot'), part: z.enum(['watch', 'workflow', 'recovery']) }),
  z.strictObject({ kind: z.literal('terminal'), user: z.string() }),
]);
export type Actor = z.infer<typeof Actor>;
