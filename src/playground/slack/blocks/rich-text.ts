import { z } from 'zod';
import { Identifier } from './texts.ts';

const Style = z.strictObject({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  strike: z.boolean().optional(),
  code: z.boolean().optional(),
  underline: z.boolean().optional(),
});

const style = { style: Style.optional() };

const Text = z.strictObject({ type: z.literal('text'), text: z.string().min(1), ...style });
const Link = z.strictObject({
  type: z.literal('link'),
  url: z.url().max(3000),
  text: z.string().optional(),
  unsafe: z.boolean().optional(),
  ...style,
});

/** The elements of a line of rich text. Nothing in it is parsed as markup. */
export const RichTextElement = z.discriminatedUnion('type', [
  Text,
  Link,
  z.strictObject({ type: z.literal('user'), user_id: z.string().regex(/^[UW][A-Z0-9]+$/), ...style }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: z.string().regex(/^S[A-Z0-9]+$/), ...style }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string().regex(/^[CGD][A-Z0-9]+$/), ...style }),
  z.strictObject({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']), ...style }),
  z.strictObject({
    type: z.literal('emoji'),
    name: z.string().min(1),
    unicode: z.string().optional(),
    ...style,
  }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.number().int(),
    format: z.string().min(1),
    url: z.url().optional(),
    fallback: z.string().optional(),
    ...style,
  }),
]);
export type RichTextElement = z.infer<typeof RichTextElement>;

const border = { border: z.union([z.literal(0), z.literal(1)]).optional() };

const Section = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(RichTextElement) });

/** One paragraph, list, quotation or block of preformatted text. */
export const RichTextPart = z.discriminatedUnion('type', [
  Section,
  z.strictObject({
    type: z.literal('rich_text_list'),
    style: z.enum(['bullet', 'ordered']),
    elements: z.array(Section).min(1),
    indent: z.number().int().min(0).max(8).optional(),
    offset: z.number().int().min(0).optional(),
    ...border,
  }),
  z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(RichTextElement), ...border }),
  z.strictObject({
    type: z.literal('rich_text_preformatted'),
    elements: z.array(z.discriminatedUnion('type', [Text, Link])),
    ...border,
  }),
]);
export type RichTextPart = z.infer<typeof RichTextPart>;

export const RichText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: Identifier.optional(),
  elements: z.array(RichTextPart).min(1),
});
export type RichText = z.infer<typeof RichText>;
