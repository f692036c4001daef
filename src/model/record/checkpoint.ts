import { z } from 'zod';

/** A signed note over the root of the Merkle tree over the first `size` entries (https://c2sp.org/tlog-checkpoint). */
export const SignedCheckpoint = z.strictObject({ size: z.number().int().positive(), note: z.string().max(2_000) });
export type SignedCheckpoint = z.infer<typeof SignedCheckpoint>;
