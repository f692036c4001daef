import type { types } from '@slack/bolt';

/** All words of a block, in lines, without style: for a Slack that does not take the block itself. */
export function textOfBlock(block: types.KnownBlock): string {
  switch (block.type) {
    case 'rich_text':
      return block.elements.map(textOfPart).join('\n');
    case 'container':
      return [block.title?.text ?? '', ...block.child_blocks.map(textOfBlock)].join('\n');
    case 'table':
      return block.rows.map((row) => row.map(textOfCell).join('  ')).join('\n');
    default:
      return '';
  }
}

type Cell = types.TableBlock['rows'][number][number];

function textOfCell(cell: Cell): string {
  if (cell.type === 'raw_text') return cell.text;
  return cell.type === 'rich_text' ? textOfBlock(cell) : '';
}

type Part = types.RichTextBlock['elements'][number];

function textOfPart(part: Part): string {
  if (part.type === 'rich_text_list') return part.elements.map(textOfPart).join('\n');
  return part.elements.map(textOfElement).join('');
}

function textOfElement(element: types.RichTextElement): string {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'user':
      return `@${element.user_id}`;
    case 'usergroup':
      return `@${element.usergroup_id}`;
    case 'channel':
      return `#${element.channel_id}`;
    case 'link':
      return element.text ?? element.url;
    case 'date':
      return element.fallback ?? '';
    default:
      return '';
  }
}
