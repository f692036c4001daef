import { z } from 'zod';

/** Why a row of the record is not what this version can have written. */
export const RowDoubt = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('not-json') }),
  /** A plan's columns, by which it is found, say another thing than the plan. */
  z.strictObject({ code: z.literal('columns-disagree') }),
  /** `field`: the first one that does not fit (null: the row as a whole); `said`: why, in the words of the schema library. */
  z.strictObject({ code: z.literal('field'), field: z.string().nullable(), said: z.string() }),
]);
export type RowDoubt = z.infer<typeof RowDoubt>;
