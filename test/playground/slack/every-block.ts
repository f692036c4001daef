import type { MessageBlock } from '../../../src/playground/slack/blocks/layout.ts';
import type { RichText, RichTextElement } from '../../../src/playground/slack/blocks/rich-text.ts';

type TextElement = Extract<RichTextElement, { type: 'text' }>;

/** One run of rich text. */
export function words(text: string, style?: TextElement['style']): TextElement {
  return { type: 'text', text, ...(style === undefined ? {} : { style }) };
}

/** A paragraph of rich text. */
export function richText(...elements: readonly RichTextElement[]): RichText {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [...elements] }] };
}

/** A cell of a table. */
export function raw(text: string): { type: 'raw_text'; text: string } {
  return { type: 'raw_text', text };
}

function plain(text: string): { type: 'plain_text'; text: string } {
  return { type: 'plain_text', text };
}

/** A message in which the text stands in every place that a block has for text. */
export function EVERY_BLOCK(text: string): MessageBlock[] {
  const mrkdwn = { type: 'mrkdwn' as const, text };
  const button = { type: 'button' as const, text: plain(text), value: text };
  const task = {
    type: 'task_card' as const,
    task_id: '1',
    title: text,
    status: 'complete' as const,
    details: richText(words(text)),
    output: richText(words(text)),
  };
  return [
    { type: 'header', text: plain(text) },
    { type: 'section', text: mrkdwn, fields: [mrkdwn, plain(text)], accessory: button },
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            words(text, { bold: true, code: true, italic: true, strike: true, underline: true }),
            { type: 'link', url: 'https://example.test/', text },
            { type: 'emoji', name: text },
            { type: 'date', timestamp: 1_700_000_000, format: '{time}', fallback: text },
          ],
        },
        {
          type: 'rich_text_list',
          style: 'ordered',
          elements: [{ type: 'rich_text_section', elements: [words(text)] }],
        },
        { type: 'rich_text_quote', elements: [words(text)] },
        { type: 'rich_text_preformatted', elements: [words(text)] },
      ],
    },
    { type: 'table', rows: [[raw(text), richText(words(text))]] },
    {
      type: 'actions',
      elements: [
        button,
        { type: 'overflow', options: [{ text: plain(text), value: text }] },
        { type: 'static_select', placeholder: plain(text), options: [{ text: plain(text), value: text }] },
      ],
    },
    {
      type: 'context',
      elements: [mrkdwn, plain(text), { type: 'image', image_url: 'https://example.test/', alt_text: text }],
    },
    { type: 'image', image_url: 'https://example.test/', alt_text: text },
    { type: 'markdown', text },
    { type: 'plan', title: text, tasks: [task] },
    task,
    {
      type: 'container',
      title: plain(text),
      subtitle: mrkdwn,
      child_blocks: [{ type: 'section', text: mrkdwn }],
    },
    { type: 'container', rich_text_title: richText(words(text)), child_blocks: [{ type: 'divider' }] },
  ];
}
