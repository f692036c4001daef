import { z } from 'zod';

/** What is believed of one registry, and how often that changed lately. */
export const HealthChanges = z.strictObject({
  health: z.enum(['good', 'bad']),
  /** The times of the latest changes, oldest first. */
  changes: z.array(z.iso.datetime()).max(100),
  /** When the last alert came while it was flapping. Null: none did. */
  alertedAt: z.iso.datetime().nullable(),
  /** Since when it flaps. Null: it does not. */
  flappingSince: z.iso.datetime().nullable(),
});
export type HealthChanges = z.infer<typeof HealthChanges>;
