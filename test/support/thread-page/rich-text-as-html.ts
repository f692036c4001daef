import type { RichText, RichTextElement, RichTextPart } from '../../../src/playground/slack/blocks/rich-text.ts';
import type { Names } from '../../../src/playground/slack/render/names.ts';
import { elementWords } from '../../../src/playground/slack/render/rich-text-as-text.ts';
import { type Html, html } from './html.ts';

export function richTextAsHtml(block: RichText, names: Names): Html {
  return html`${block.elements.map((part) => partAsHtml(part, names))}`;
}

function partAsHtml(part: RichTextPart, names: Names): Html {
  switch (part.type) {
    case 'rich_text_section':
      return html`<div class="line">${inline(part.elements, names)}</div>`;
    case 'rich_text_list': {
      const items = part.elements.map((item) => html`<li>${inline(item.elements, names)}</li>`);
      const start = (part.offset ?? 0) + 1;
      return part.style === 'ordered' ? html`<ol start="${start}">${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case 'rich_text_quote':
      return html`<blockquote>${inline(part.elements, names)}</blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre>${inline(part.elements, names)}</pre>`;
  }
}

function inline(elements: readonly RichTextElement[], names: Names): Html[] {
  return elements.map((element) => styled(element, words(element, names)));
}

function words(element: RichTextElement, names: Names): Html {
  switch (element.type) {
    case 'user':
    case 'usergroup':
    case 'channel':
    case 'broadcast':
      return html`<span class="mention">${elementWords(element, names)}</span>`;
    case 'link':
      return html`<span class="link">${element.text ?? element.url}</span>`;
    default:
      return html`${elementWords(element, names)}`;
  }
}

function styled({ style = {} }: RichTextElement, inner: Html): Html {
  let shown = inner;
  if (style.code === true) shown = html`<code>${shown}</code>`;
  if (style.bold === true) shown = html`<b>${shown}</b>`;
  if (style.italic === true) shown = html`<i>${shown}</i>`;
  if (style.strike === true) shown = html`<s>${shown}</s>`;
  return style.underline === true ? html`<u>${shown}</u>` : shown;
}
