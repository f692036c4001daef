import { z } from 'zod';
import { RichText } from './rich-text.ts';
import { Identifier } from './texts.ts';

/**
 * A table cell. Slack requires at least one character in it, so an empty cell holds a space. Slack documents
 * `raw_number` as well, but refuses it.
 */
export const TableCell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  RichText,
]);
export type TableCell = z.infer<typeof TableCell>;

const ColumnSettings = z.strictObject({
  align: z.enum(['left', 'center', 'right']).optional(),
  is_wrapped: z.boolean().optional(),
});

/** The first row is the heading. */
export const Table = z.strictObject({
  type: z.literal('table'),
  block_id: Identifier.optional(),
  rows: z.array(z.array(TableCell).min(1).max(20)).min(1).max(100),
  column_settings: z.array(ColumnSettings).max(20).optional(),
});
export type Table = z.infer<typeof Table>;
