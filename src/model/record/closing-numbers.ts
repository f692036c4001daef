import { z } from 'zod';

const ms = z.number().int().min(0).exactOptional();

/** What an incident took, from what is on record. A number that is not known is absent. */
export const ClosingNumbers = z.strictObject({
  /** The first look at the registry that found it unhealthy. */
  downSince: z.iso.datetime().exactOptional(),
  /** From there to the first look that found it healthy. */
  downMs: ms,
  /** From the first bad look to the opening of the incident. */
  noticedAfterMs: ms,
  /** From when the next three are counted: the opening of the incident, or the request that opened it again. */
  countedFrom: z.iso.datetime().exactOptional(),
  verdictAfterMs: ms,
  approvedAfterMs: ms,
  recoveredAfterMs: ms,
});
export type ClosingNumbers = z.infer<typeof ClosingNumbers>;
