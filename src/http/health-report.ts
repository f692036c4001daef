import { z } from 'zod';
import { ConfigNote, PartTrouble } from '../model/health.ts';

const PartHealth = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('healthy'), note: ConfigNote.optional() }),
  z.strictObject({ state: z.literal('unhealthy'), why: PartTrouble }),
]);
/** How one part of the bot is; `why` is for the command that asks to put in words. */
export type PartHealth = z.infer<typeof PartHealth>;

/** What `GET /healthz` answers: healthy when every part is (status 200), else unhealthy (503). */
export const HealthReport = z.strictObject({
  state: z.enum(['healthy', 'unhealthy']),
  parts: z.record(z.string(), PartHealth),
});
export type HealthReport = z.infer<typeof HealthReport>;
