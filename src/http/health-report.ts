import { z } from 'zod';
import { ConfigNote, PartTrouble } from '../model/health.ts';

const PartHealth = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('healthy'), note: ConfigNote.optional() }),
  z.strictObject({ state: z.literal('unhealthy'), why: PartTrouble }),
]);
/** The health of one part of the bot. `why` is worded by the command that asks. */
export type PartHealth = z.infer<typeof PartHealth>;

/** The answer of `GET /healthz`: status 200 if every part is healthy, otherwise 503. */
export const HealthReport = z.strictObject({
  state: z.enum(['healthy', 'unhealthy']),
  parts: z.record(z.string(), PartHealth),
});
export type HealthReport = z.infer<typeof HealthReport>;
