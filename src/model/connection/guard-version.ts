import { z } from 'zod';
import { GuardReason } from '../plan/guard-reason.ts';

/** Whether a file next to an installed guard exists and is trustworthy. */
export const GuardFileState = z.enum(['good', 'absent', 'open to others', 'no ssh-keygen']);
export type GuardFileState = z.infer<typeof GuardFileState>;

/** What a host's guard reports about itself and about the host. */
export const GuardVersion = z.strictObject({
  way: z.enum(['installed', 'over-stdin']),
  /** The uid that it runs as. */
  uid: z.number().int().min(0),
  /** SHA-256 of the installed file. Null: it came over standard input. */
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  hostname: z.string(),
  bootId: z.string().nullable(),
  /** Clock changes do not affect it. */
  uptimeSeconds: z.number().min(0).nullable(),
  botSigners: GuardFileState,
  approverSigners: GuardFileState,
  /** State of the file that names the permitted storage and account. */
  permittedStorage: GuardFileState,
  /** Why it could record no plan on this host, so that none runs. Null: nothing is in the way. */
  recordRefused: GuardReason.nullable(),
});
export type GuardVersion = z.infer<typeof GuardVersion>;
