import { z } from 'zod';

export const HOSTS = 10_000;
/** How many bots share them in the bench of several. */
export const SHARING_BOTS = 3;
/** The clock of the hosts passes this much faster, so that the bench takes minutes less. A lag counts as much more. */
export const TIMES_FASTER = 4;

/** What a process has measured that watches simulated hosts. Times are those of the hosts. */
export type SimulatedLooks = z.infer<typeof SimulatedLooks>;
export const SimulatedLooks = z.object({
  /** How much later than due each look began, in milliseconds. */
  lags: z.array(z.number()),
  seconds: z.number(),
  mostAtOnce: z.number(),
  cpuSeconds: z.number(),
  /** Of the whole process. */
  peakMiB: z.number(),
  /** The memory that JavaScript still needed before and after the measured time. */
  beforeMiB: z.number(),
  afterMiB: z.number(),
});
