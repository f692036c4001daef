import type { ThreadMessage } from '../../model/thread-message.ts';
import { verificationSentence } from '../../words/en/outcome.ts';
import { planMark, recordMark } from '../../words/en/record.ts';
import { say } from '../../words/phrase.ts';
import { diagnoseAgainButton, undoButton } from './buttons.ts';
import type { Card } from './card.ts';
import { clipPhrase } from './clip.ts';
import { mrkdwnText, paragraph, richText } from './rich-text.ts';

const MAX_SENTENCE = 1_000;
const MAX_TEXT = 600;

/** Whether the registry is well again after a change, in its own words. */
export function verificationCard(message: Extract<ThreadMessage, { kind: 'verification' }>): Card {
  const { host, verification, incidentMs, incidentId, plan, record } = message;
  const sentence = verificationSentence(host, verification, incidentMs);
  return {
    text: mrkdwnText(clipPhrase(sentence, MAX_TEXT)),
    blocks: [
      richText(paragraph(say`${clipPhrase(sentence, MAX_SENTENCE)} ${planMark(plan)} ${recordMark(record)}`)),
      ...(verification.kind === 'not-well' ? [diagnoseAgainButton(incidentId)] : []),
      undoButton(plan),
    ],
  };
}
