import { z } from 'zod';
import { Confirm, Identifier, PlainText } from './texts.ts';

/** The only colors of a button besides the default. */
const Style = z.enum(['primary', 'danger']);

export const Button = z.strictObject({
  type: z.literal('button'),
  text: PlainText(75),
  action_id: Identifier.optional(),
  value: z.string().max(2000).optional(),
  url: z.url().max(3000).optional(),
  style: Style.optional(),
  confirm: Confirm.optional(),
  accessibility_label: z.string().max(75).optional(),
});
export type Button = z.infer<typeof Button>;

/** One entry of a menu. */
export const Option = z.strictObject({
  text: PlainText(75),
  value: z.string().max(150),
  description: PlainText(75).optional(),
});

export const Overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: Identifier.optional(),
  options: z.array(Option).min(1).max(5),
  confirm: Confirm.optional(),
});

export const StaticSelect = z.strictObject({
  type: z.literal('static_select'),
  action_id: Identifier.optional(),
  placeholder: PlainText(150).optional(),
  options: z.array(Option).min(1).max(100),
  initial_option: Option.optional(),
  confirm: Confirm.optional(),
  focus_on_load: z.boolean().optional(),
});

export const PlainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: Identifier.optional(),
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(3000).optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
  placeholder: PlainText(150).optional(),
  focus_on_load: z.boolean().optional(),
});

export const ImageElement = z.strictObject({
  type: z.literal('image'),
  image_url: z.url().max(3000),
  alt_text: z.string().min(1).max(2000),
});

/** What a person can click in a message. */
export const Clickable = z.discriminatedUnion('type', [Button, Overflow, StaticSelect]);
export type Clickable = z.infer<typeof Clickable>;
