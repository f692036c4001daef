import { z } from 'zod';
import { Reason } from '../reason.ts';

/** The kernel's answer to an access test as the service's identity. */
export const TryResult = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('allowed') }),
  z.strictObject({ result: z.literal('denied') }),
  z.strictObject({ result: z.literal('failed'), why: Reason }),
]);
export type TryResult = z.infer<typeof TryResult>;
