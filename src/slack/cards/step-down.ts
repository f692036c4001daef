import type { types } from '@slack/bolt';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import type { Words } from '../../words/index.ts';
import { plainText } from '../../words/phrase.ts';
import { preformatted, richText } from '../blocks/rich-text.ts';
import { textOfBlock } from '../blocks/text-of-block.ts';
import { escapeMrkdwn } from '../blocks/visible-text.ts';
import type { Card } from './parts/card.ts';

/** Slack's limit for the text of a section. */
const MAX_SECTION = 3_000;
/** `chat.update` refuses a text of more than 4,000 characters. */
const MAX_TEXT = 3_900;

/** How a block is shown: as it is, as text in a fixed-width font, as plain text, or not at all. */
type Form = 'itself' | 'preformatted' | 'plain' | 'left-out';

const SIMPLER: Record<Form, Form> = {
  itself: 'preformatted',
  preformatted: 'plain',
  plain: 'left-out',
  'left-out': 'left-out',
};

type Part = { readonly block: types.KnownBlock; readonly form: Form };

/** Slack's refusal of a card. `indices` are the positions of the blocks that it names, empty if it names none. */
export type BlockRefusal = { readonly code: string; readonly indices: readonly number[] };

/**
 * A card in the best layout that Slack accepts. Only a refused block is simplified, not the others. An open plan keeps
 * its commands, hash and buttons, or says that it can't be approved here and has no button.
 */
export class StepDown {
  readonly #card: Card;
  readonly #parts: readonly Part[];

  private constructor(card: Card, parts: readonly Part[]) {
    this.#card = card;
    this.#parts = parts;
  }

  static of(card: Card): StepDown {
    return new StepDown(
      card,
      card.blocks.map((block) => ({ block, form: 'itself' })),
    );
  }

  /** The simplified card after one more refusal. Null: nothing is left to simplify. */
  after(refusal: BlockRefusal): StepDown | null {
    const shown = this.#parts.filter(({ form }) => form !== 'left-out');
    if (shown.length === 0) return null;
    const refused = this.#refused(refusal);
    const form = refusal.code === 'msg_blocks_too_long' ? () => 'left-out' as const : simpler;
    const parts = this.#parts.map((part) => (refused.has(part) ? { ...part, form: form(part) } : part));
    return new StepDown(this.#card, parts);
  }

  /** The card to send now. */
  render(message: ThreadMessage, words: Words): Card {
    const blocks = this.#parts.flatMap(shownAs);
    if (!this.#isUndecidable(message)) return { text: this.#card.text, blocks };
    const warning = plainText(words.planCard.notApprovableHere());
    const rest = blocks.filter(({ type }) => type !== 'actions');
    return {
      text: `${escapeMrkdwn(warning)}\n${this.#card.text}\n${escapeMrkdwn(this.#words())}`.slice(0, MAX_TEXT),
      blocks: rest.length === 0 ? [] : [...sections(warning), ...rest],
    };
  }

  #refused({ code, indices }: BlockRefusal): ReadonlySet<Part> {
    const places = this.#parts.flatMap((part) => shownAs(part).map(() => part));
    const named = new Set(indices.flatMap((index) => places[index] ?? []));
    if (named.size > 0) return named;
    const folds = this.#parts.filter(({ block, form }) => block.type === 'container' && form !== 'left-out');
    if (code === 'msg_blocks_too_long') return new Set(folds.length > 0 ? folds : this.#parts);
    return new Set(this.#parts.filter(({ block, form }) => block.type !== 'actions' || this.#isAllPlain(form)));
  }

  /** Whether all other blocks are plain text already. If Slack does not name a block, buttons are dropped only then. */
  #isAllPlain(own: Form): boolean {
    return own === 'itself' && this.#parts.every(({ block, form }) => block.type === 'actions' || form === 'plain');
  }

  /**
   * Whether this is an open plan that lost its buttons or a part outside its folds, so that it can't be approved here.
   */
  #isUndecidable(message: ThreadMessage): boolean {
    if (message.kind !== 'plan' || message.state !== 'proposed') return false;
    return this.#parts.some(({ block, form }) => form === 'left-out' && block.type !== 'container');
  }

  #words(): string {
    return this.#parts
      .filter(({ block }) => block.type !== 'container')
      .map(({ block }) => textOfBlock(block))
      .join('\n');
  }
}

/** The next simpler way to show a block. Buttons have none and are dropped. */
function simpler({ block, form }: Part): Form {
  return block.type === 'actions' ? 'left-out' : SIMPLER[form];
}

function shownAs({ block, form }: Part): readonly types.KnownBlock[] {
  switch (form) {
    case 'itself':
      return [block];
    case 'preformatted':
      return [richText(preformatted(textOfBlock(block)))];
    case 'plain':
      return sections(textOfBlock(block));
    case 'left-out':
      return [];
  }
}

function sections(text: string): readonly types.SectionBlock[] {
  const chunks = text.match(new RegExp(`.{1,${MAX_SECTION}}`, 'gs')) ?? [];
  return chunks.map((chunk) => ({ type: 'section', text: { type: 'plain_text', text: chunk, emoji: false } }));
}
