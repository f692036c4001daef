import { z } from 'zod';
import { GuardReason } from '../plan/guard-reason.ts';
import { Malformed } from './malformed.ts';
import { SshProblem } from './ssh-problem.ts';

/** Why a host gave no answer that can be used. */
export const NoAnswer = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('ssh'), problem: SshProblem }),
  /** sudo ran nothing; `said` is the first line that it printed. */
  z.strictObject({ code: z.literal('sudo-refused'), said: z.string() }),
  /** An installed guard doesn't trust its own place. */
  z.strictObject({ code: z.literal('guard-refused'), why: GuardReason }),
  z.strictObject({ code: z.literal('timed-out'), timeoutMs: z.number() }),
  z.strictObject({ code: z.literal('too-long') }),
  /** The guard ended with another status than the one that it answers with. */
  z.strictObject({ code: z.literal('guard-failed'), exitCode: z.number().int(), said: z.string() }),
  z.strictObject({ code: z.literal('malformed'), why: Malformed }),
  /** The registry's config named another storage root while it was read; the guard doesn't say in which boot its host is. */
  z.strictObject({ code: z.enum(['root-changed', 'boot-unknown']) }),
  /** What the host said made the bot fail. */
  z.strictObject({ code: z.literal('bot-failed'), said: z.string() }),
]);
export type NoAnswer = z.infer<typeof NoAnswer>;
