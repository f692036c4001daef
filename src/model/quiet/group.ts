import { z } from 'zod';

/** What hosts that fail at the same time can have in common, as a diagnosis found it. */
export const Traits = z.strictObject({
  /** The network file systems that belong on the path to the storage, as the mount table or fstab names them. */
  shares: z.array(z.string().max(1_000)).max(16),
  /** Null: not known. */
  bootedAt: z.iso.datetime().nullable(),
});
export type Traits = z.infer<typeof Traits>;

/** What the hosts of a group have in common. */
export const GroupCause = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('share'), source: z.string() }),
  /** Several shares of one file server. */
  z.strictObject({ kind: z.literal('server'), server: z.string() }),
  /** They booted within a minute. `at`: when the first of them did. */
  z.strictObject({ kind: z.literal('boot'), at: z.iso.datetime() }),
]);
export type GroupCause = z.infer<typeof GroupCause>;
