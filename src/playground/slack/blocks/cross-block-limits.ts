import { pointer } from './block-errors.ts';
import { clickablesIn, flatten } from './inside-blocks.ts';
import type { MessageBlock } from './layout.ts';
import { textsIn } from './texts-in.ts';

/** Measured, not documented: https://github.com/slackapi/bolt-js/issues/2509. */
const MAX_TEXT_OF_ALL_BLOCKS = 13_200;
const MAX_TEXT_OF_ALL_CELLS = 10_000;
/** In all markdown blocks of a message together. */
const MAX_MARKDOWN = 12_000;

type Refusal = { readonly kind: 'refused'; readonly error: string; readonly messages: readonly string[] };

/** Checks the limits that concern several blocks at once. Null: none is exceeded. */
export function crossBlockProblem(blocks: readonly MessageBlock[]): Refusal | null {
  return repeatedIds(blocks) ?? severalTables(blocks) ?? tooMuchText(blocks);
}

function repeatedIds(blocks: readonly MessageBlock[]): Refusal | null {
  const seen = new Set<string>();
  const messages: string[] = [];
  for (const { block, path } of flatten(blocks)) {
    if (block.block_id === undefined) continue;
    if (seen.has(block.block_id)) {
      messages.push(`\`block_id\` "${block.block_id}" already exists ${pointer('/blocks', [...path, 'block_id'])}`);
    }
    seen.add(block.block_id);
  }
  messages.push(...repeatedActionIds(blocks));
  return messages.length === 0 ? null : { kind: 'refused', error: 'invalid_blocks', messages };
}

/** An `action_id` has to be unique within its block. */
function repeatedActionIds(blocks: readonly MessageBlock[]): string[] {
  return flatten(blocks).flatMap(({ block, path }) => {
    const seen = new Set<string>();
    return clickablesIn(block).flatMap((element, index) => {
      if (element.action_id === undefined) return [];
      const isRepeated = seen.has(element.action_id);
      seen.add(element.action_id);
      const at = pointer('/blocks', [...path, 'elements', index, 'action_id']);
      return isRepeated ? [`\`action_id\` "${element.action_id}" already exists ${at}`] : [];
    });
  });
}

function severalTables(blocks: readonly MessageBlock[]): Refusal | null {
  const tables = flatten(blocks).filter(({ block }) => block.type === 'table');
  if (tables.length <= 1) return null;
  return { kind: 'refused', error: 'invalid_attachments', messages: ['only_one_table_allowed'] };
}

function tooMuchText(blocks: readonly MessageBlock[]): Refusal | null {
  const tables = flatten(blocks).flatMap(({ block }) => (block.type === 'table' ? [block] : []));
  const markdown = blocks.filter((block) => block.type === 'markdown');
  if (lengthOf(tables) > MAX_TEXT_OF_ALL_CELLS) {
    return { kind: 'refused', error: 'invalid_blocks', messages: ['table cells hold more than 10000 characters'] };
  }
  if (lengthOf(markdown) > MAX_MARKDOWN || lengthOf(blocks) > MAX_TEXT_OF_ALL_BLOCKS) {
    return { kind: 'refused', error: 'msg_blocks_too_long', messages: [] };
  }
  return null;
}

function lengthOf(blocks: readonly MessageBlock[]): number {
  return blocks.flatMap((block) => textsIn(block)).reduce((sum, text) => sum + text.length, 0);
}
