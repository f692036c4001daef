import { z } from 'zod';

/** What people can type after `/registry` or after a mention of the bot, in the order of the help. */
export const CommandName = z.enum([
  'diagnose',
  'status',
  'incidents',
  'history',
  'record',
  'hosts',
  'mute',
  'unmute',
  'help',
]);
export type CommandName = z.infer<typeof CommandName>;

/** What is wrong with the text of a command. */
export const UsageProblem = z.discriminatedUnion('code', [
  z.strictObject({ code: z.enum(['host-missing', 'too-many-words', 'too-many-hosts']), command: CommandName }),
  /** The command takes the number of one incident. */
  z.strictObject({ code: z.literal('incident-missing') }),
  z.strictObject({ code: z.literal('mute-incomplete') }),
  z.strictObject({ code: z.literal('not-a-length'), text: z.string() }),
  /** The command takes nothing after its name. */
  z.strictObject({ code: z.literal('nothing-follows'), command: CommandName }),
  /** `nearest`: the command that was probably meant. */
  z.strictObject({ code: z.literal('unknown-verb'), verb: z.string(), nearest: CommandName.nullable() }),
]);
export type UsageProblem = z.infer<typeof UsageProblem>;
