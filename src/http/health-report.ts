import { z } from 'zod';

const PartHealth = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('healthy') }),
  z.strictObject({ state: z.literal('unhealthy'), why: z.string() }),
]);
/** How one part of the bot is; `why` is a clause such as "not connected to Slack". */
export type PartHealth = z.infer<typeof PartHealth>;

/** What `GET /healthz` answers: healthy when every part is (status 200), else unhealthy (503). */
export const HealthReport = z.strictObject({
  state: z.enum(['healthy', 'unhealthy']),
  parts: z.record(z.string(), PartHealth),
});
export type HealthReport = z.infer<typeof HealthReport>;
