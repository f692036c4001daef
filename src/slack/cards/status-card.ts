import type { StatusMessage } from '../../model/record/messages/status-message.ts';
import type { Words } from '../../words/index.ts';
import { clipMrkdwn, clipPhrase } from '../blocks/clip.ts';
import { mrkdwnText, paragraph, richText } from '../blocks/rich-text.ts';
import { acknowledgeButton, postRecordButton } from './parts/buttons.ts';
import type { Card } from './parts/card.ts';

const MAX_LINE = 1_000;
const MAX_TEXT = 2_000;

/** The incident's message in the channel. Only the name of a person at a terminal, or what an alert says, can be long. */
export function statusCard(
  status: StatusMessage,
  words: Words,
  { canPostFiles }: { readonly canPostFiles: boolean } = { canPostFiles: false },
): Card {
  const isOver = status.resolvedAt !== null;
  const lines = [
    words.status.statusTitle(status),
    words.status.statusFlapping(status) ?? [],
    words.status.statusProgress(status),
    words.status.statusOrigin(status),
    words.status.statusDown(status) ?? [],
    words.status.statusPeople(status) ?? [],
    words.status.statusTimes(status) ?? [],
    words.status.statusAlert(status) ?? [],
    isOver && !canPostFiles ? words.files.recordAtTerminal(status.incidentId) : [],
  ]
    .filter((line) => line.length > 0)
    .map((line) => clipPhrase(line, MAX_LINE, words));
  return {
    text: mrkdwnText(clipMrkdwn(words.status.statusSentence(status), MAX_TEXT, words)),
    blocks: [
      richText(...lines.map(paragraph)),
      ...acknowledgeButton(status, words),
      ...(isOver && canPostFiles ? [postRecordButton(status.incidentId, words)] : []),
    ],
  };
}
