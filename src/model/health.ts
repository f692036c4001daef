import { z } from 'zod';
import { SlackTrouble } from './record/slack-failure.ts';

/** Why a bot that listens on its health socket could not be asked. */
export type HealthSilence =
  | { readonly code: 'no-report' }
  | { readonly code: 'too-long'; readonly maxBytes: number }
  | { readonly code: 'failed'; readonly said: string };

/** What is wrong with a part of the bot: it hangs, its probe failed, or Slack is not there (null: why is not known). */
export const PartTrouble = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('timed-out'), timeoutMs: z.number() }),
  z.strictObject({ code: z.literal('failed'), said: z.string() }),
  z.strictObject({ code: z.literal('not-connected'), trouble: SlackTrouble.nullable() }),
]);
export type PartTrouble = z.infer<typeof PartTrouble>;
