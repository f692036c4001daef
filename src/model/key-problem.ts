import { z } from 'zod';
import { SystemProblem } from './system-problem.ts';

/** Why a private key file can't be used. Reveals nothing of its content. */
export const KeyProblem = z.discriminatedUnion('code', [
  z.strictObject({
    code: z.enum(['unreadable', 'passphrase-unreadable']),
    file: z.string(),
    error: SystemProblem,
  }),
  z.strictObject({ code: z.enum(['encrypted', 'passphrase-wrong', 'not-a-key']), file: z.string() }),
  z.strictObject({ code: z.literal('open-to-others'), file: z.string(), mode: z.number().int() }),
]);
export type KeyProblem = z.infer<typeof KeyProblem>;
