import { z } from 'zod';
import { messageOf } from './message-of.ts';

/** Why a file or a socket could not be used: the system's code (errno(3)) if there is one, and what the error said. */
export const SystemProblem = z.strictObject({ errno: z.string().nullable(), said: z.string() });
export type SystemProblem = z.infer<typeof SystemProblem>;

/** Reads a code and a message out of whatever was thrown. */
export function systemProblem(error: unknown): SystemProblem {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return { errno: hasCode ? String(error.code) : null, said: messageOf(error) };
}
