import type { Card } from '../../src/slack/cards/parts/card.ts';

/** What a card shows, as lines of plain text: a cell or button in brackets, nothing of the markup. */
export function shownText(card: Card): string {
  return card.blocks.map((block) => textOf(block)).join('\n');
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value !== 'object' || value === null) return '';
  if ('rows' in value && Array.isArray(value.rows)) return value.rows.map(rowText).join('\n');
  if ('user_id' in value) return `@${value.user_id}`;
  if ('fallback' in value) return String(value.fallback);
  if ('value' in value && 'text' in value) return `[${textOf(value.text)}]`;
  if ('text' in value) return typeof value.text === 'string' ? value.text : textOf(value.text);
  const inner = 'elements' in value ? value.elements : 'child_blocks' in value ? value.child_blocks : [];
  const end = 'type' in value && String(value.type).startsWith('rich_text_') ? '\n' : '';
  return `${textOf(inner)}${end}`;
}

function rowText(row: unknown): string {
  return Array.isArray(row) ? row.map((cell) => textOf(cell).trim()).join(' | ') : '';
}

/** The buttons of a card: action id and value. */
export function buttonsOf(card: Card): { readonly actionId: string; readonly value: string }[] {
  return card.blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((element) =>
          element.type === 'button' ? [{ actionId: element.action_id ?? '', value: element.value ?? '' }] : [],
        )
      : [],
  );
}

/** The titles of what is folded away. */
export function foldsOf(card: Card): string[] {
  return card.blocks.flatMap((block) => (block.type === 'container' ? [block.title?.text ?? ''] : []));
}
