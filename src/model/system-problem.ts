import { z } from 'zod';
import { messageOf } from './message-of.ts';

/** Why a file or a socket could not be used: the system's code (errno(3)) if there is one, and the error's message. */
export const SystemProblem = z.strictObject({ errno: z.string().nullable(), said: z.string() });
export type SystemProblem = z.infer<typeof SystemProblem>;

/** The code and message of anything that was thrown. */
export function systemProblem(error: unknown): SystemProblem {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return { errno: hasCode ? String(error.code) : null, said: messageOf(error) };
}
