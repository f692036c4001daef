import { z } from 'zod';
import { SystemProblem } from '../system-problem.ts';

/** How a program of this machine ended without an exit code. */
export const ProgramBreak = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('ended-by'), signal: z.string() }),
  z.strictObject({ code: z.literal('took-too-long'), timeoutMs: z.number() }),
  z.strictObject({ code: z.literal('wrote-too-much') }),
  z.strictObject({ code: z.literal('failed'), error: SystemProblem }),
]);
export type ProgramBreak = z.infer<typeof ProgramBreak>;

/** Why a person's signature was not made, or does not count. */
export const SignatureProblem = z.discriminatedUnion('code', [
  z.strictObject({ code: z.enum(['no-ssh-keygen', 'not-a-signature', 'of-other-text']) }),
  z.strictObject({ code: z.literal('ssh-keygen-broke-off'), why: ProgramBreak }),
  z.strictObject({ code: z.literal('ssh-keygen-not-understood'), said: z.string() }),
  z.strictObject({ code: z.literal('signed-nothing'), keyFile: z.string(), exitCode: z.number().int() }),
  z.strictObject({ code: z.literal('for-other-purpose'), made: z.string(), wanted: z.string() }),
  z.strictObject({ code: z.enum(['unknown-signer', 'signer-not-one-person']), file: z.string() }),
  z.strictObject({ code: z.literal('not-of-signer'), principal: z.string() }),
  z.strictObject({ code: z.literal('signers-unreadable'), file: z.string(), error: SystemProblem }),
  z.strictObject({ code: z.literal('signers-too-large'), file: z.string(), maxBytes: z.number().int() }),
]);
export type SignatureProblem = z.infer<typeof SignatureProblem>;
