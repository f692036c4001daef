import { z } from 'zod';

/**
 * How a host's output differs from what the guard prints, so that nothing in it is believed. `part` is the guard's own
 * name for the faulty part: a record, a section, a field.
 */
export const Malformed = z.discriminatedUnion('code', [
  z.strictObject({ code: z.enum(['not-begun', 'cut', 'not-ended']) }),
  z.strictObject({
    code: z.enum(['out-of-order', 'unreadable', 'missing', 'repeated', 'incomplete', 'unexpected']),
    part: z.string(),
  }),
]);
export type Malformed = z.infer<typeof Malformed>;
