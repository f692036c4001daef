import { z } from 'zod';
import { KeyProblem } from '../key-problem.ts';

/** Why the bot can't sign a plan, so that no host with an installed guard accepts it. */
export const SigningProblem = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('no-key') }),
  z.strictObject({ code: z.literal('key-unusable'), key: KeyProblem }),
  z.strictObject({ code: z.literal('key-of-other-type'), file: z.string(), type: z.string() }),
]);
export type SigningProblem = z.infer<typeof SigningProblem>;
