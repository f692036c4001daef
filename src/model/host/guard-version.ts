import { z } from 'zod';

/** Whether a file beside an installed guard is there and can be relied on. */
export const GuardFileState = z.enum(['good', 'absent', 'open to others', 'no ssh-keygen']);
export type GuardFileState = z.infer<typeof GuardFileState>;

/** What a host's guard says of itself, and of the machine just now. */
export const GuardVersion = z.strictObject({
  way: z.enum(['installed', 'over-stdin']),
  /** Whom it runs as. */
  uid: z.number().int().min(0),
  /** SHA-256 of the file that is installed; null: it came over standard input. */
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  hostname: z.string(),
  bootId: z.string().nullable(),
  /** A clock that no change of the time moves. */
  uptimeSeconds: z.number().min(0).nullable(),
  botSigners: GuardFileState,
  approverSigners: GuardFileState,
  /** Of the file that says for which storage, and as whom, plans are taken. */
  permittedStorage: GuardFileState,
});
export type GuardVersion = z.infer<typeof GuardVersion>;
