import type { types } from '@slack/bolt';
import type { ThreadMessage } from '../../model/record/thread-message.ts';
import { outcomeSentence, verificationSentence } from '../../words/en/outcome.ts';
import { say } from '../../words/phrase.ts';
import { clipPhrase } from '../blocks/clip.ts';
import { foldsBeside } from '../blocks/folds.ts';
import { mrkdwnText, paragraph, richText } from '../blocks/rich-text.ts';
import { diagnoseAgainButton, undoButton } from './buttons.ts';
import type { Card } from './card.ts';
import { changesFold, marksBlock } from './outcome-parts.ts';

const MAX_SENTENCE = 1_500;
const MAX_TEXT = 600;

/** The outcome of a plan that was applied: what was changed, and whether the registry is healthy again, in its own words. */
export function verificationCard(message: Extract<ThreadMessage, { kind: 'verification' }>): Card {
  const { plan, outcome, verification } = message;
  const changed = clipPhrase(outcomeSentence(plan, outcome), MAX_SENTENCE);
  const registry = clipPhrase(verificationSentence(plan.host, verification), MAX_SENTENCE);
  const shown: types.KnownBlock[] = [
    richText(paragraph(changed), paragraph(registry)),
    ...(verification.kind === 'not-well' ? [diagnoseAgainButton(plan.incidentId)] : []),
    undoButton(plan),
  ];
  const marks = marksBlock(message);
  return {
    text: mrkdwnText(say`${clipPhrase(registry, MAX_TEXT)} ${clipPhrase(changed, MAX_TEXT)}`),
    blocks: [...shown, ...foldsBeside([...shown, marks], changesFold(plan, outcome)), marks],
  };
}
