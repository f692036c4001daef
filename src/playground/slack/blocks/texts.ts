import { z } from 'zod';

/** Text without markup. `maxLength` is the limit of its field; Slack counts characters after JSON decoding. */
export function PlainText(maxLength: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(maxLength),
    emoji: z.boolean().optional(),
  });
}

/** Text in Slack's mrkdwn. */
export function Mrkdwn(maxLength: number) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(maxLength),
    verbatim: z.boolean().optional(),
  });
}

/** Either kind of text object. */
export function TextObject(maxLength: number) {
  return z.discriminatedUnion('type', [PlainText(maxLength), Mrkdwn(maxLength)]);
}

/** A `block_id`, `action_id` or `callback_id`. */
export const Identifier = z.string().min(1).max(255);

/** The dialog that asks "are you sure?" before a click counts. */
export const Confirm = z.strictObject({
  title: PlainText(100),
  text: TextObject(300),
  confirm: PlainText(30),
  deny: PlainText(30),
  style: z.enum(['primary', 'danger']).optional(),
});
export type Confirm = z.infer<typeof Confirm>;
