import type { Clickable } from '../../../src/playground/slack/blocks/elements.ts';
import type { MessageBlock } from '../../../src/playground/slack/blocks/layout.ts';
import type { Table } from '../../../src/playground/slack/blocks/table.ts';
import { parseMrkdwn } from '../../../src/playground/slack/render/mrkdwn.ts';
import type { Names } from '../../../src/playground/slack/render/names.ts';
import { type Html, html } from './html.ts';
import { richTextAsHtml } from './rich-text-as-html.ts';

type Block<T extends MessageBlock['type']> = Extract<MessageBlock, { type: T }>;

/** One block, as Slack's client shows it. Pictures are never loaded: their description stands for them. */
export function blockAsHtml(block: MessageBlock, names: Names): Html {
  switch (block.type) {
    case 'header':
      return html`<h2>${block.text.text}</h2>`;
    case 'section':
      return sectionAsHtml(block, names);
    case 'rich_text':
      return html`<div class="rich">${richTextAsHtml(block, names)}</div>`;
    case 'table':
      return tableAsHtml(block, names);
    case 'actions':
      return html`<div class="actions">${block.elements.map(clickableAsHtml)}</div>`;
    case 'context':
      return html`<div class="context">${block.elements.map((element) => html`<span>${textAsHtml(element, names)}</span>`)}</div>`;
    case 'divider':
      return html`<hr>`;
    case 'image':
      return html`<div class="image">${block.alt_text}</div>`;
    case 'markdown':
      return html`<div class="line">${block.text}</div>`;
    case 'plan':
      return html`<div class="plan"><b>${block.title}</b>${(block.tasks ?? []).map((task) => taskAsHtml(task, names))}</div>`;
    case 'task_card':
      return taskAsHtml(block, names);
    case 'container':
      return containerAsHtml(block, names);
  }
}

export function mrkdwnAsHtml(source: string, names: Names): Html {
  return html`${parseMrkdwn(source, names).map(runAsHtml)}`;
}

function runAsHtml(run: ReturnType<typeof parseMrkdwn>[number]): Html {
  switch (run.kind) {
    case 'text':
      return html`${run.text}`;
    case 'code':
      return html`<code>${run.text}</code>`;
    case 'preformatted':
      return html`<pre>${run.text}</pre>`;
    case 'bold':
      return html`<b>${run.text}</b>`;
    case 'italic':
      return html`<i>${run.text}</i>`;
    case 'strike':
      return html`<s>${run.text}</s>`;
    case 'mention':
      return html`<span class="mention">${run.text}</span>`;
    case 'link':
      return html`<span class="link">${run.text}</span>`;
  }
}

type Shown =
  | { readonly type: 'plain_text' | 'mrkdwn'; readonly text: string }
  | { readonly type: 'image'; readonly alt_text: string };

function textAsHtml(element: Shown, names: Names): Html {
  if (element.type === 'image') return html`<span class="image">${element.alt_text}</span>`;
  return element.type === 'mrkdwn' ? mrkdwnAsHtml(element.text, names) : html`${element.text}`;
}

function sectionAsHtml(block: Block<'section'>, names: Names): Html {
  const text = block.text === undefined ? html`` : html`<div class="line">${textAsHtml(block.text, names)}</div>`;
  const fields = (block.fields ?? []).map((field) => html`<div>${textAsHtml(field, names)}</div>`);
  const accessory = block.accessory === undefined ? html`` : accessoryAsHtml(block.accessory);
  const grid = fields.length === 0 ? html`` : html`<div class="fields">${fields}</div>`;
  return html`<div class="section"><div class="grow">${text}${grid}</div>${accessory}</div>`;
}

function accessoryAsHtml(accessory: NonNullable<Block<'section'>['accessory']>): Html {
  return accessory.type === 'image'
    ? html`<span class="image">${accessory.alt_text}</span>`
    : clickableAsHtml(accessory);
}

function clickableAsHtml(element: Clickable): Html {
  if (element.type === 'button') {
    return html`<span class="button ${element.style ?? ''}">${element.text.text}</span>`;
  }
  const label = element.type === 'overflow' ? '…' : (element.placeholder?.text ?? 'Select an item');
  return html`<span class="button">${label}</span>`;
}

function tableAsHtml(table: Table, names: Names): Html {
  const settings = table.column_settings ?? [];
  const rows = table.rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const inner = cell.type === 'rich_text' ? richTextAsHtml(cell, names) : html`${cell.text}`;
      const align = settings[column]?.align ?? 'left';
      const wrapping = settings[column]?.is_wrapped === true ? 'wrapped' : '';
      const tag = index === 0 ? 'heading' : '';
      return html`<td class="${align} ${wrapping} ${tag}">${inner}</td>`;
    });
    return html`<tr>${cells}</tr>`;
  });
  return html`<div class="table"><table>${rows}</table></div>`;
}

const TASK_MARKS = { pending: '○', in_progress: '◔', complete: '✓', error: '✕' } as const;
const TASK_STATES = { pending: 'waiting', in_progress: 'running', complete: 'done', error: 'failed' } as const;

function taskAsHtml(task: Block<'task_card'>, names: Names): Html {
  const more = [task.details, task.output].flatMap((text) =>
    text === undefined ? [] : [html`<div class="more">${richTextAsHtml(text, names)}</div>`],
  );
  const mark = html`<span class="mark" title="${TASK_STATES[task.status]}">${TASK_MARKS[task.status]}</span>`;
  return html`<div class="task ${task.status}">${mark}<div class="grow">${task.title}${more}</div></div>`;
}

function containerAsHtml(block: Block<'container'>, names: Names): Html {
  const title =
    block.rich_text_title === undefined
      ? html`${block.title?.text ?? ''}`
      : richTextAsHtml(block.rich_text_title, names);
  const subtitle =
    block.subtitle === undefined ? html`` : html`<div class="more">${textAsHtml(block.subtitle, names)}</div>`;
  const isFolded = block.is_collapsible === true && block.default_collapsed === true;
  const children = isFolded ? [] : block.child_blocks.map((child) => blockAsHtml(child, names));
  const chevron = block.is_collapsible === true ? (isFolded ? '▸ ' : '▾ ') : '';
  return html`<div class="container"><b>${chevron}${title}</b>${subtitle}${children}</div>`;
}
