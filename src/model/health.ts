import { z } from 'zod';
import { SlackTrouble } from './record/messages/slack-failure.ts';

/** Why a bot that listens on its health socket could not be asked. */
export type HealthSilence =
  | { readonly code: 'no-report' }
  | { readonly code: 'too-long'; readonly maxBytes: number }
  | { readonly code: 'failed'; readonly said: string };

/** The most problems in a report, so that it stays short enough to read. */
export const MAX_PROBLEMS_NOTED = 5;

/** A note about a part of the bot that works, about the config file since its last reload. */
export const ConfigNote = z.discriminatedUnion('code', [
  /** The bot still uses the previous config. `more`: how many problems are not in the list. */
  z.strictObject({
    code: z.literal('reload-refused'),
    at: z.iso.datetime(),
    problems: z.array(z.string()),
    more: z.number().int(),
  }),
  /** The file has new values for these keys, which count after a restart. */
  z.strictObject({ code: z.literal('needs-restart'), keys: z.array(z.string()) }),
]);
export type ConfigNote = z.infer<typeof ConfigNote>;

/**
 * What is wrong with a part of the bot: it hangs, its health check failed, or Slack can't be reached (null: why is
 * unknown).
 */
export const PartTrouble = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('timed-out'), timeoutMs: z.number() }),
  z.strictObject({ code: z.literal('failed'), said: z.string() }),
  z.strictObject({ code: z.literal('not-connected'), trouble: SlackTrouble.nullable() }),
]);
export type PartTrouble = z.infer<typeof PartTrouble>;
