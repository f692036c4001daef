import { z } from 'zod';
import { parseBlocks } from '../blocks/parse-blocks.ts';
import type { MessageContent, MessageMetadata } from '../stores/message-store.ts';
import { type Refusal, refuse, refuseBecause } from './answer.ts';
import { Structure } from './arguments.ts';

/** The arguments for a message's content, shared by posting, updating and answering. */
export const contentArguments = {
  text: z.string().nullish(),
  blocks: Structure.optional(),
  metadata: Structure.optional(),
  attachments: Structure.optional(),
  markdown_text: z.string().nullish(),
};

type RawContent = {
  readonly text?: string | null | undefined;
  readonly blocks?: unknown;
  readonly metadata?: unknown;
  readonly attachments?: unknown;
  readonly markdown_text?: string | null | undefined;
};

/** The requested content of a message. `undefined` for what the request omits. */
export type ReadContent =
  | {
      readonly kind: 'content';
      readonly content: { readonly [K in keyof MessageContent]: MessageContent[K] | undefined };
    }
  | { readonly kind: 'refused'; readonly answer: Refusal };

const Metadata = z.object({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
});

/** Checks text, blocks and metadata as Slack does before it accepts a message. */
export function readContent(raw: RawContent): ReadContent {
  if (raw.attachments !== undefined || raw.markdown_text) {
    return refusal(refuseBecause('invalid_arguments', ['the stand-in takes no attachments and no markdown_text']));
  }
  const metadata = readMetadata(raw.metadata);
  if (metadata.kind === 'refused') return metadata;
  const text = raw.text ?? undefined;
  if (raw.blocks === undefined || raw.blocks === null) {
    return { kind: 'content', content: { text, blocks: undefined, metadata: metadata.metadata } };
  }
  const parsed = parseBlocks(raw.blocks);
  if (parsed.kind === 'refused') return refusal(refuseBecause(parsed.error, parsed.messages));
  return { kind: 'content', content: { text, blocks: parsed.blocks, metadata: metadata.metadata } };
}

type ReadMetadata =
  | { readonly kind: 'metadata'; readonly metadata: MessageMetadata | null | undefined }
  | { readonly kind: 'refused'; readonly answer: Refusal };

/** The metadata to store. An empty object removes it. */
function readMetadata(raw: unknown): ReadMetadata {
  if (raw === undefined || raw === null) return { kind: 'metadata', metadata: undefined };
  if (typeof raw !== 'object' || Array.isArray(raw)) return refusal(refuse('invalid_metadata_format'));
  if (Object.keys(raw).length === 0) return { kind: 'metadata', metadata: null };
  const parsed = Metadata.safeParse(raw);
  return parsed.success ? { kind: 'metadata', metadata: parsed.data } : refusal(refuse('invalid_metadata_schema'));
}

function refusal(answer: Refusal): { readonly kind: 'refused'; readonly answer: Refusal } {
  return { kind: 'refused', answer };
}
