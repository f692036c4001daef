import { z } from 'zod';
import { slackMessages } from './block-errors.ts';
import { crossBlockProblem } from './cross-block-limits.ts';
import { MessageBlock } from './layout.ts';

/** Blocks as Slack would store them, or the error that it would answer with. */
export type ParsedBlocks =
  | { readonly kind: 'blocks'; readonly blocks: readonly MessageBlock[] }
  | { readonly kind: 'refused'; readonly error: string; readonly messages: readonly string[] };

const Blocks = z.array(MessageBlock).max(50);

/** Checks what a bot sent as `blocks`, after JSON decoding, against everything that Slack is known to enforce. */
export function parseBlocks(value: unknown): ParsedBlocks {
  if (!Array.isArray(value)) return { kind: 'refused', error: 'invalid_blocks_format', messages: [] };
  const parsed = Blocks.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    return { kind: 'refused', error: 'invalid_blocks', messages: slackMessages(parsed.error, '/blocks') };
  }
  return crossBlockProblem(parsed.data) ?? { kind: 'blocks', blocks: parsed.data };
}
