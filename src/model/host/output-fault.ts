import { z } from 'zod';

/**
 * How a host's output differs from what the guard prints. Nothing in faulty output is believed. `part` is the guard's
 * own name for the faulty part: a section or a field.
 */
export const OutputFault = z.discriminatedUnion('code', [
  z.strictObject({
    code: z.enum([
      /** The output does not start with the guard's first line. */
      'not-begun',
      /** The output ends in the middle of a field, or before the last line. */
      'cut',
      /** The last line has another nonce, or another number of fields, than the output. */
      'not-ended',
    ]),
  }),
  z.strictObject({
    code: z.enum([
      /** A field has another number than the next one. */
      'out-of-order',
      /** A part does not have its form. */
      'unreadable',
      /** A required part is not there. */
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
