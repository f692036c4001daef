import type { types } from '@slack/bolt';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { Words } from '../../words/index.ts';
import type { HomeOutcome } from '../../workflow/requests.ts';
import { paragraphs, richText } from '../blocks/rich-text.ts';
import { sectionLists } from '../cards/private/section-card.ts';

/** So that all three lists stay far below Slack's limit for a view. */
const ROOM = { lines: 100, characters: 12_000 };

/** A home tab: what the person can see, or why it is nothing. */
export function homeView(outcome: HomeOutcome, words: Words): types.HomeView {
  return {
    type: 'home',
    blocks: outcome.kind === 'page' ? pageBlocks(outcome, words) : refusalBlocks(outcome.answer, words),
  };
}

function pageBlocks({ page }: Extract<HomeOutcome, { kind: 'page' }>, words: Words): types.KnownBlock[] {
  return words.fleet
    .homeSections(page)
    .flatMap((section): types.KnownBlock[] => [
      { type: 'header', text: { type: 'plain_text', text: section.title, emoji: false } },
      richText(...sectionLists(section, words, ROOM)),
    ]);
}

function refusalBlocks(answer: PrivateAnswer, words: Words): types.KnownBlock[] {
  return [richText(...paragraphs(words.answers.privateAnswer(answer)))];
}
