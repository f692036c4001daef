import type { Clickable } from './blocks/elements.ts';
import type { MessageBlock } from './blocks/layout.ts';
import type { Table, TableCell } from './blocks/table.ts';
import { parseMrkdwn } from './render/mrkdwn.ts';
import type { Names } from './render/names.ts';
import { readable } from './render/readable.ts';
import { richTextAsText } from './render/rich-text-as-text.ts';
import { textTable } from './render/text-table.ts';
import { wrapText } from './render/wrap-text.ts';

/** The maximum width of lines, and the names of ids. */
export type TextRendering = { readonly width: number; readonly names: Names };

/**
 * A message as plain text for a terminal: tables aligned, buttons as `[Approve & run]`. The only control characters in
 * it are line breaks, whatever its author wrote.
 */
export function renderText(
  message: { readonly text: string; readonly blocks: readonly MessageBlock[] },
  rendering: TextRendering,
): string {
  if (message.blocks.length === 0) return wrapped(mrkdwn(message.text, rendering.names), rendering.width);
  return message.blocks.map((block) => blockAsText(block, rendering)).join('\n');
}

function blockAsText(block: MessageBlock, rendering: TextRendering): string {
  const { width, names } = rendering;
  switch (block.type) {
    case 'header':
      return wrapped(readable(block.text.text), width);
    case 'section':
      return sectionAsText(block, rendering);
    case 'rich_text':
      return wrapped(richTextAsText(block, names), width);
    case 'table':
      return tableAsText(block, rendering);
    case 'actions':
      return wrapped(block.elements.map(clickableAsText).join('  '), width);
    case 'context':
      return wrapped(block.elements.map((element) => textOf(element, names)).join(' · '), width);
    case 'divider':
      return '─'.repeat(Math.min(width, 40));
    case 'image':
      return wrapped(readable(`[image: ${block.alt_text}]`), width);
    case 'markdown':
      return wrapped(readable(block.text), width);
    case 'plan':
      return [readable(block.title), ...(block.tasks ?? []).map((task) => taskAsText(task, rendering))].join('\n');
    case 'task_card':
      return taskAsText(block, rendering);
    case 'container':
      return containerAsText(block, rendering);
  }
}

function sectionAsText(block: Extract<MessageBlock, { type: 'section' }>, { width, names }: TextRendering): string {
  const texts = [...(block.text === undefined ? [] : [block.text]), ...(block.fields ?? [])];
  const { accessory } = block;
  const aside = accessory === undefined ? [] : [accessory.type === 'image' ? '' : clickableAsText(accessory)];
  return wrapped([...texts.map((text) => textOf(text, names)), ...aside].join('\n'), width);
}

function containerAsText(block: Extract<MessageBlock, { type: 'container' }>, rendering: TextRendering): string {
  const { names, width } = rendering;
  const title =
    block.rich_text_title === undefined
      ? readable(block.title?.text ?? '')
      : richTextAsText(block.rich_text_title, names);
  const subtitle = block.subtitle === undefined ? [] : [textOf(block.subtitle, names)];
  const inside = { ...rendering, width: width - 2 };
  const children = block.child_blocks.map((child) => indented(blockAsText(child, inside)));
  return [`▾ ${title}`, ...subtitle.map(indented), ...children].join('\n');
}

/** The state of a task in words, so that no one has to know symbols. */
const TASK_STATES = { pending: 'waiting', in_progress: 'running', complete: 'done', error: 'failed' } as const;

function taskAsText(task: Extract<MessageBlock, { type: 'task_card' }>, { names, width }: TextRendering): string {
  const more = [task.details, task.output].flatMap((text) => (text === undefined ? [] : [richTextAsText(text, names)]));
  const lines = more.map((text) => indented(wrapped(text, width - 2)));
  return [`[${TASK_STATES[task.status]}] ${readable(task.title)}`, ...lines].join('\n');
}

function tableAsText(table: Table, { width, names }: TextRendering): string {
  const rows = table.rows.map((row) => row.map((cell) => cellAsText(cell, names)));
  return textTable(rows, width);
}

function cellAsText(cell: TableCell, names: Names): string {
  return cell.type === 'rich_text' ? richTextAsText(cell, names) : readable(cell.text).trim();
}

function clickableAsText(element: Clickable): string {
  if (element.type === 'button') return `[${readable(element.text.text)}]`;
  return `[${element.options.map((option) => readable(option.text.text)).join(' | ')}]`;
}

type TextLike = { readonly type: 'plain_text' | 'mrkdwn'; readonly text: string };

function textOf(element: TextLike | { readonly type: 'image'; readonly alt_text: string }, names: Names): string {
  if (element.type === 'image') return readable(`[image: ${element.alt_text}]`);
  return element.type === 'mrkdwn' ? mrkdwn(element.text, names) : readable(element.text);
}

function mrkdwn(source: string, names: Names): string {
  return parseMrkdwn(source, names)
    .map((run) => {
      if (run.kind === 'link') return run.text === run.url ? readable(run.url) : readable(`${run.text} (${run.url})`);
      return run.kind === 'code' ? `\`${readable(run.text)}\`` : readable(run.text);
    })
    .join('');
}

function wrapped(text: string, width: number): string {
  return wrapText(text, width).join('\n');
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
