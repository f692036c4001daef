import type { types } from '@slack/bolt';
import type { ThreadMessage } from '../../model/record/thread-message.ts';
import { type AlternativeTelling, type PlanTelling, tellPlan } from '../../telling/plan.ts';
import type { Words } from '../../words/index.ts';
import { say } from '../../words/phrase.ts';
import { clipEnd, clipPhrase } from '../blocks/clip.ts';
import { fitLines } from '../blocks/fit-lines.ts';
import { type Fold, foldsBeside } from '../blocks/folds.ts';
import { paragraph, preformatted, richText } from '../blocks/rich-text.ts';
import { fittingRows, rowLines } from '../blocks/rows.ts';
import { decisionButtons, rejectButton } from './buttons.ts';
import type { Card } from './card.ts';
import { fallbackText } from './fallback-text.ts';

const MAX_COMMANDS = 7_000;
const MAX_RECORD = 2_000;
const MAX_APPROVALS = 600;
/** Limit for the text of a plan above the buttons. The commands come first. */
const MAX_EFFECTS = 2_400;
const MAX_FOLD_TITLE = 140;
const MAX_NOTE = 400;

type PlanMessage = Extract<ThreadMessage, { kind: 'plan' }>;

/**
 * One plan: with its buttons while it waits, later as a record of the decision and the outcome. An approver sees every
 * command in full. If they don't fit, there is no Approve button.
 */
export function planCard(message: PlanMessage, words: Words): Card {
  const told = tellPlan(message.plan, words, message.outlook);
  const { shown, hidden } = fitLines(rowLines(told.commands), MAX_COMMANDS);
  const lines = hidden === 0 ? shown : [...shown, words.leftOut.stepsLeftOut(hidden)];
  const isOpen = message.state === 'proposed';
  const proposal = isOpen ? openParts(message, told, hidden, words) : [richText(paragraph(becameOf(message, words)))];
  const visible = [richText(paragraph(words.planCard.planTitle(message)), preformatted(lines.join('\n'))), ...proposal];
  const footer = richText(paragraph(words.planCard.planMarks(message)));
  return {
    text: fallbackText(words.planCard.planSentence(message), message, words),
    blocks: [...visible, ...(isOpen ? foldsBeside([...visible, footer], foldsOf(told, words), words) : []), footer],
  };
}

function openParts(message: PlanMessage, told: PlanTelling, hidden: number, words: Words): types.KnownBlock[] {
  const soFar = words.planCard.approvalsSoFar(message);
  const each = Math.floor(MAX_EFFECTS / told.effects.length);
  const phrases = [
    ...told.effects.map((phrase) => clipPhrase(phrase, each, words)),
    ...(soFar === null ? [] : [clipPhrase(soFar, MAX_APPROVALS, words)]),
    ...(hidden === 0 ? [] : [words.planCard.planTooLong(hidden)]),
  ];
  return [
    richText(...phrases.map(paragraph)),
    hidden === 0 ? decisionButtons(message, words) : rejectButton(message.plan, words),
  ];
}

function becameOf(message: PlanMessage, words: Words) {
  return clipPhrase(words.planCard.planRecord(message), MAX_RECORD, words);
}

function foldsOf({ details, alternatives }: PlanTelling, words: Words): Fold[] {
  const each = (room: number) => Math.floor(room / details.length) - MORE;
  return [
    ...alternatives.map((one) => alternativeFold(one, words)),
    {
      title: words.planCard.PLAN_DETAILS_TITLE,
      blocks: (room) => [richText(...details.map((phrase) => paragraph(clipPhrase(phrase, each(room), words))))],
    },
  ];
}

/** Room for the words that say how much is missing. */
const MORE = 60;

function alternativeFold({ title, commands, note }: AlternativeTelling, words: Words): Fold {
  return {
    title: clipEnd(title, MAX_FOLD_TITLE - MORE, words),
    blocks: (room) => {
      const rows = fittingRows(
        commands.map((command) => [command]),
        room - MAX_NOTE - MORE,
        words,
      );
      return [richText(preformatted(rows.join('\n')), paragraph(say`${note}`))];
    },
  };
}
