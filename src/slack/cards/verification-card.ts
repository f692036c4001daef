import type { types } from '@slack/bolt';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import type { Words } from '../../words/index.ts';
import { say } from '../../words/phrase.ts';
import { clipMrkdwn, clipPhrase } from '../blocks/clip.ts';
import { foldsBeside } from '../blocks/folds.ts';
import { paragraph, richText } from '../blocks/rich-text.ts';
import { diagnoseAgainButton, undoButton } from './parts/buttons.ts';
import type { Card } from './parts/card.ts';
import { fallbackText } from './parts/fallback-text.ts';
import { changesFold, marksBlock } from './parts/outcome-parts.ts';

const MAX_SENTENCE = 1_500;
/** Limit for the registry's answer in the message's text, so that the changes have room beside it. */
const MAX_REGISTRY = 600;

/** The outcome of an applied plan: what was changed, and whether the registry is healthy again, in its own words. */
export function verificationCard(message: Extract<ThreadMessage, { kind: 'verification' }>, words: Words): Card {
  const { plan, outcome, verification } = message;
  const changed = clipPhrase(words.outcome.outcomeSentence(plan, outcome), MAX_SENTENCE, words);
  const registry = clipPhrase(words.outcome.verificationSentence(plan.host, verification), MAX_SENTENCE, words);
  const shown: types.KnownBlock[] = [
    richText(paragraph(changed), paragraph(registry)),
    ...(verification.kind === 'not-well' ? [diagnoseAgainButton(plan.incidentId, words)] : []),
    undoButton(plan, words),
  ];
  const marks = marksBlock(message, words);
  return {
    text: fallbackText(say`${clipMrkdwn(registry, MAX_REGISTRY, words)} ${changed}`, message, words),
    blocks: [...shown, ...foldsBeside([...shown, marks], changesFold(plan, outcome, words), words), marks],
  };
}
