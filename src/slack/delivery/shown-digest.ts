import { bytesHash } from '../../hash/bytes-hash.ts';
import type { Sha256 } from '../../model/record/ids.ts';

/** Where a post has what people see. */
const SEEN: ReadonlySet<string> = new Set(['text', 'user_id', 'usergroup_id', 'channel_id', 'url']);
/** Slack writes an emoji of a text as its code, and these characters as entities. Only letters and digits are left as they were sent. */
const REWRITTEN = /:[a-z][a-z0-9_+-]*:|&(?:amp|lt|gt);|[^\p{L}\p{N}]/gu;

/** The digest of all words of a post, the same for what was sent and for what Slack says that it shows. */
export function shownDigest({ text, blocks }: { readonly text?: string; readonly blocks?: unknown }): Sha256 {
  const words = [text ?? '', ...wordsIn(blocks)].map((said) => said.replaceAll(REWRITTEN, ''));
  return bytesHash(Buffer.from(words.join(' '), 'utf8'));
}

function wordsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  if (typeof value !== 'object' || value === null) return [];
  // Slack may have the keys in another order.
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.flatMap(([key, part]) => (typeof part === 'string' ? (SEEN.has(key) ? [part] : []) : wordsIn(part)));
}
