import { z } from 'zod';
import { GuardReason } from '../plan/guard-reason.ts';
import { OutputFault } from './output-fault.ts';
import { SshProblem } from './ssh-problem.ts';

/** Why sudo ran nothing: its rules don't allow it, it is not installed, or it wants a terminal (sudoers(5), requiretty). */
export const SudoProblem = z.enum(['not-allowed', 'missing', 'wants-terminal']);
export type SudoProblem = z.infer<typeof SudoProblem>;

/** Why a host gave no usable answer. */
export const NoAnswer = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('ssh'), problem: SshProblem }),
  /** sudo ran nothing. `said` is the line that says so. */
  z.strictObject({ code: z.literal('sudo-refused'), problem: SudoProblem.default('not-allowed'), said: z.string() }),
  /** An installed guard doesn't trust its own path. */
  z.strictObject({ code: z.literal('guard-refused'), why: GuardReason }),
  /** The key is forced to an installed guard, which the config does not name. */
  z.strictObject({ code: z.literal('guard-not-expected') }),
  /**
   * The config names an installed guard, and it did not run. `said` is the first line of the output that came instead.
   */
  z.strictObject({ code: z.literal('guard-not-installed'), path: z.string(), said: z.string() }),
  z.strictObject({ code: z.literal('timed-out'), timeoutMs: z.number() }),
  z.strictObject({ code: z.literal('too-long') }),
  /** The guard ended with another status than that of an answer. */
  z.strictObject({ code: z.literal('guard-failed'), exitCode: z.number().int(), said: z.string() }),
  z.strictObject({ code: z.literal('malformed'), why: OutputFault }),
  /** No guard began to answer. `said` is the first line of what the login printed instead, and then it ended. */
  z.strictObject({ code: z.literal('no-guard-began'), exitCode: z.number().int(), said: z.string() }),
  /** The registry's config named another storage root while it was read, or the guard doesn't name the host's boot. */
  z.strictObject({ code: z.enum(['root-changed', 'boot-unknown']) }),
  /** The host's output made the bot fail. */
  z.strictObject({ code: z.literal('bot-failed'), said: z.string() }),
]);
export type NoAnswer = z.infer<typeof NoAnswer>;
