import { z } from 'zod';
import { Button, Clickable, ExternalSelect, ImageElement, Overflow, PlainTextInput, StaticSelect } from './elements.ts';
import { RichText } from './rich-text.ts';
import { Table } from './table.ts';
import { Identifier, Mrkdwn, PlainText, TextObject } from './texts.ts';

/**
 * The blocks that the product can use, with the limits of https://docs.slack.dev/reference/block-kit/blocks. A type or
 * field that is missing here is refused, even if Slack knows it: add it here first, with its limits.
 */

const id = { block_id: Identifier.optional() };

const Section = z
  .strictObject({
    type: z.literal('section'),
    ...id,
    text: TextObject(3000).optional(),
    fields: z.array(TextObject(2000)).min(1).max(10).optional(),
    accessory: z.discriminatedUnion('type', [Button, Overflow, StaticSelect, ImageElement]).optional(),
    expand: z.boolean().optional(),
  })
  .refine((section) => section.text !== undefined || section.fields !== undefined, {
    error: 'missing required field: text',
  });

const Header = z.strictObject({ type: z.literal('header'), ...id, text: PlainText(150) });
const Divider = z.strictObject({ type: z.literal('divider'), ...id });
const Context = z.strictObject({
  type: z.literal('context'),
  ...id,
  elements: z
    .array(z.discriminatedUnion('type', [PlainText(3000), Mrkdwn(3000), ImageElement]))
    .min(1)
    .max(10),
});
const Actions = z.strictObject({ type: z.literal('actions'), ...id, elements: z.array(Clickable).min(1).max(25) });
const Image = z.strictObject({
  type: z.literal('image'),
  ...id,
  image_url: z.url().max(3000),
  alt_text: z.string().min(1).max(2000),
  title: PlainText(2000).optional(),
});
const Markdown = z.strictObject({ type: z.literal('markdown'), ...id, text: z.string().min(1).max(12_000) });

const TaskCard = z.strictObject({
  type: z.literal('task_card'),
  ...id,
  task_id: z.string().min(1).max(255),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: RichText.optional(),
  output: RichText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url: z.url(), text: z.string().min(1) })).optional(),
});
const Plan = z.strictObject({
  type: z.literal('plan'),
  ...id,
  title: z.string().min(1),
  tasks: z.array(TaskCard).max(50).optional(),
});

const Container = z
  .strictObject({
    type: z.literal('container'),
    ...id,
    title: PlainText(150).optional(),
    rich_text_title: RichText.optional(),
    subtitle: TextObject(150).optional(),
    child_blocks: z
      .array(z.discriminatedUnion('type', [Section, Header, Divider, Context, Actions, Image, RichText, Table]))
      .min(1)
      .max(10),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: ImageElement.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  })
  .refine((container) => container.title !== undefined || container.rich_text_title !== undefined, {
    error: 'missing required field: title',
  })
  .refine((container) => container.default_collapsed !== true || container.is_collapsible === true, {
    error: 'default_collapsed requires is_collapsible',
  });

/** A block of a message. */
export const MessageBlock = z.discriminatedUnion('type', [
  Section,
  Header,
  Divider,
  Context,
  Actions,
  Image,
  RichText,
  Table,
  Markdown,
  TaskCard,
  Plan,
  Container,
]);
export type MessageBlock = z.infer<typeof MessageBlock>;

const Input = z.strictObject({
  type: z.literal('input'),
  ...id,
  label: PlainText(2000),
  hint: PlainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: z.discriminatedUnion('type', [PlainTextInput, StaticSelect, ExternalSelect]),
});

/** A block of a modal or a home tab: no table, plan or container. */
export const ModalBlock = z.discriminatedUnion('type', [
  Section,
  Header,
  Divider,
  Context,
  Actions,
  Image,
  RichText,
  Input,
]);
export type ModalBlock = z.infer<typeof ModalBlock>;
