import { z } from 'zod';

/** Why a row cannot be read. `field` is where it differs from what this version writes; empty for the row as a whole. */
export const UnreadableRow = z.discriminatedUnion('code', [
  z.strictObject({ code: z.enum(['not-json', 'columns-disagree']) }),
  z.strictObject({ code: z.literal('other-form'), field: z.string() }),
]);
export type UnreadableRow = z.infer<typeof UnreadableRow>;
