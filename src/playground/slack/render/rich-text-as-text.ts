import type { RichText, RichTextElement, RichTextPart } from '../blocks/rich-text.ts';
import type { Names } from './names.ts';
import { readable } from './readable.ts';

/** Rich text for a terminal: code in backticks, lists and quotations marked, preformatted text indented. */
export function richTextAsText(block: RichText, names: Names): string {
  return block.elements.map((part) => partAsText(part, names)).join('\n');
}

function partAsText(part: RichTextPart, names: Names): string {
  switch (part.type) {
    case 'rich_text_section':
      return lineOf(part.elements, names).replace(/\n$/, '');
    case 'rich_text_list':
      return part.elements
        .map((item, index) => {
          const mark = part.style === 'ordered' ? `${index + 1 + (part.offset ?? 0)}.` : '•';
          return `${'  '.repeat(part.indent ?? 0)}${mark} ${lineOf(item.elements, names)}`;
        })
        .join('\n');
    case 'rich_text_quote':
      return prefixed('> ', lineOf(part.elements, names));
    case 'rich_text_preformatted':
      return prefixed('    ', lineOf(part.elements, names));
  }
}

function lineOf(elements: readonly RichTextElement[], names: Names): string {
  return elements.map((element) => elementAsText(element, names)).join('');
}

function elementAsText(element: RichTextElement, names: Names): string {
  const text = readable(elementWords(element, names));
  return element.style?.code === true ? `\`${text}\`` : text;
}

/** The words of one element. The HTML shows the same with its style. */
export function elementWords(element: RichTextElement, names: Names): string {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return element.text === undefined || element.text === element.url
        ? element.url
        : `${element.text} (${element.url})`;
    case 'user':
      return names.user(element.user_id);
    case 'usergroup':
      return names.userGroup(element.usergroup_id);
    case 'channel':
      return names.channel(element.channel_id);
    case 'broadcast':
      return `@${element.range}`;
    case 'emoji':
      return `:${element.name}:`;
    case 'date':
      return element.fallback ?? new Date(element.timestamp * 1000).toISOString();
  }
}

function prefixed(prefix: string, text: string): string {
  return text
    .split('\n')
    .map((line) => `${prefix}${line}`)
    .join('\n');
}
