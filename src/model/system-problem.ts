import { z } from 'zod';
import { messageOf } from './message-of.ts';

/** Why a file or a socket could not be used: the system's code (errno(3)) if there is one, and the error's message. */
export const SystemProblem = z.strictObject({ errno: z.string().nullable(), said: z.string() });
export type SystemProblem = z.infer<typeof SystemProblem>;

/** Returns the code and the message of anything that was thrown. */
export function systemProblem(error: unknown): SystemProblem {
  return { errno: errnoCode(error), said: messageOf(error) };
}

/** Returns the system's code of an error: `ENOENT`. Null: it has none. */
export function errnoCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Whether it is a missing permission. */
export function isDenied({ errno }: SystemProblem): boolean {
  return errno === 'EACCES';
}
