import { clickablesIn, flatten } from './inside-blocks.ts';
import type { MessageBlock } from './layout.ts';

/** Gives every block and button without an id one, as Slack does when it stores a message. */
export function fillIds(blocks: readonly MessageBlock[], nextId: () => string): readonly MessageBlock[] {
  const copy = structuredClone(blocks);
  for (const { block } of flatten(copy)) {
    block.block_id ??= nextId();
    for (const element of clickablesIn(block)) element.action_id ??= nextId();
  }
  return copy;
}
