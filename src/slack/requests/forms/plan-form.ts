import type { types } from '@slack/bolt';
import { z } from 'zod';
import { ChannelId, Sha256 } from '../../../model/record/ids.ts';
import type { Phrase } from '../../../words/phrase.ts';
import { paragraphs, preformatted, richText } from '../../blocks/rich-text.ts';

/** The forms that a decision opens, by the id that Slack sends back. */
export const FORM_IDS = ['reject_plan_reason', 'approve_plan_signature'] as const;
export type FormId = (typeof FORM_IDS)[number];

/**
 * What a form carries, to be looked up again when it returns. It is not trusted: the sender is in the signed request
 * itself.
 */
export const FormOrigin = z.object({
  planId: z.string().max(255),
  planHash: Sha256,
  channel: ChannelId,
  responseUrl: z.url({ protocol: /^https?$/ }).max(2_000),
  threadTs: z.string().max(64).nullable(),
});
export type FormOrigin = z.infer<typeof FormOrigin>;

/** Block and action of the one input. */
export const INPUT = { block: 'answer', action: 'answer' } as const;

export type PlanForm = {
  readonly id: FormId;
  readonly origin: FormOrigin;
  readonly title: string;
  readonly explanation: readonly Phrase[];
  /** To be copied exactly. Null: nothing. */
  readonly text: string | null;
  readonly label: string;
  readonly maxLength: number;
  readonly submit: string;
  readonly close: string;
};

/** Slack's limit for one text is far above this. More lines go into another block. */
const LINES_A_BLOCK = 60;

/** One question about one plan, as a modal. */
export function planForm(form: PlanForm): types.ModalView {
  return {
    type: 'modal',
    callback_id: form.id,
    private_metadata: JSON.stringify(form.origin),
    title: plain(form.title),
    submit: plain(form.submit),
    close: plain(form.close),
    blocks: [
      richText(...paragraphs(form.explanation)),
      ...textBlocks(form.text),
      {
        type: 'input',
        block_id: INPUT.block,
        label: plain(form.label),
        element: {
          type: 'plain_text_input',
          action_id: INPUT.action,
          multiline: true,
          min_length: 1,
          max_length: form.maxLength,
        },
      },
    ],
  };
}

function textBlocks(text: string | null): types.RichTextBlock[] {
  if (text === null) return [];
  const lines = text.trimEnd().split('\n');
  const parts = Array.from({ length: Math.ceil(lines.length / LINES_A_BLOCK) }, (_, index) =>
    lines.slice(index * LINES_A_BLOCK, (index + 1) * LINES_A_BLOCK).join('\n'),
  );
  return parts.map((part) => richText(preformatted(part)));
}

function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}
