import type { Clickable } from './elements.ts';
import type { MessageBlock } from './layout.ts';

type Placed = { readonly block: MessageBlock; readonly path: readonly (string | number)[] };

/** Lists all blocks of a message, including those inside containers and plans, each with its path in `blocks`. */
export function flatten(blocks: readonly MessageBlock[], at: readonly (string | number)[] = []): Placed[] {
  return blocks.flatMap((block, index) => {
    const path = [...at, index];
    return [{ block, path }, ...flatten(childrenOf(block).blocks, [...path, childrenOf(block).key])];
  });
}

function childrenOf(block: MessageBlock): { readonly key: string; readonly blocks: readonly MessageBlock[] } {
  if (block.type === 'container') return { key: 'child_blocks', blocks: block.child_blocks };
  if (block.type === 'plan') return { key: 'tasks', blocks: block.tasks ?? [] };
  return { key: '', blocks: [] };
}

/** The clickable elements of a block itself, without those of the blocks inside it. */
export function clickablesIn(block: MessageBlock): readonly Clickable[] {
  if (block.type === 'actions') return block.elements;
  if (block.type !== 'section' || block.accessory === undefined || block.accessory.type === 'image') return [];
  return [block.accessory];
}
