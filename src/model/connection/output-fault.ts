import { z } from 'zod';

/**
 * How a host's output differs from what our scripts print. Nothing in faulty output is believed. `part` is the guard's
 * own name for the faulty part: a section or a field.
 */
export const OutputFault = z.discriminatedUnion('code', [
  z.strictObject({
    code: z.enum([
      /** The output does not contain the first line that our scripts print. */
      'not-begun',
      /** The output ends in the middle of a field, or before the last line. */
      'cut',
      /** The nonce or the number of fields in the last line does not match the output. */
      'not-ended',
    ]),
  }),
  z.strictObject({
    code: z.enum([
      /** A field's number is not the next in sequence. */
      'out-of-order',
      /** A part is malformed. */
      'unreadable',
      /** A required part is missing. */
      'missing',
      /** A part is there more than once. */
      'repeated',
      /** A list is shorter than the list that it belongs to. */
      'incomplete',
      /** A part is where it does not belong. */
      'unexpected',
    ]),
    part: z.string(),
  }),
]);
export type OutputFault = z.infer<typeof OutputFault>;
