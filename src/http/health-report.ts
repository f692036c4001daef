import { z } from 'zod';

const PartHealth = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('well') }),
  z.strictObject({ state: z.literal('unwell'), why: z.string() }),
]);
/** The health of one part of the bot. `why` is a clause such as "not connected to Slack". */
export type PartHealth = z.infer<typeof PartHealth>;

/** The answer of `GET /healthz`: status 200 if every part is healthy, otherwise 503. */
export const HealthReport = z.strictObject({
  state: z.enum(['well', 'unwell']),
  parts: z.record(z.string(), PartHealth),
});
export type HealthReport = z.infer<typeof HealthReport>;
