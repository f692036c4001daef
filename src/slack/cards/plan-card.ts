import type { types } from '@slack/bolt';
import type { Plan } from '../../model/plan/plan.ts';
import type { Sha256 } from '../../model/record/ids.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { type AlternativeTelling, type PlanTelling, tellPlan } from '../../telling/plan.ts';
import type { Words } from '../../words/index.ts';
import { say } from '../../words/phrase.ts';
import { clipEnd, clipPhrase } from '../blocks/clip.ts';
import { fitLines } from '../blocks/fit-lines.ts';
import { type Fold, foldsBeside } from '../blocks/folds.ts';
import { paragraph, preformatted, richText } from '../blocks/rich-text.ts';
import { fittingRows, rowLines } from '../blocks/rows.ts';
import { decisionButtons, endButtons } from './parts/buttons.ts';
import type { Card } from './parts/card.ts';
import { fallbackText } from './parts/fallback-text.ts';

const MAX_COMMANDS = 7_000;
const MAX_RECORD = 2_000;
const MAX_APPROVALS = 600;
/** Limit for the text of a plan above the buttons. The commands come first. */
const MAX_EFFECTS = 2_400;
const MAX_FOLD_TITLE = 140;
const MAX_NOTE = 400;
/** The room that a clipped text needs for the note that says how much was clipped. */
const CLIP_NOTE_ROOM = 60;

/** A file in the thread with all of a plan. */
export type PlanFile = { readonly name: string; readonly sha256: Sha256 };

/** Whether the commands of the plan don't fit on its card. */
export function isTooLong(plan: Plan, words: Words): boolean {
  return fitLines(rowLines(tellPlan(plan, words).commands), MAX_COMMANDS).hidden > 0;
}

type PlanMessage = Extract<ThreadMessage, { kind: 'plan' }>;

/**
 * Builds the card of a plan: with its buttons while it waits, later with the decision and the outcome. An approver sees every
 * command in full. If they don't fit, they are in a file in the thread, or there is no Approve button.
 */
export function planCard(message: PlanMessage, words: Words, file: PlanFile | null = null): Card {
  const content = tellPlan(message.plan, words, message.outlook);
  const { shown, hidden } = fitLines(rowLines(content.commands), MAX_COMMANDS);
  const lines = hidden === 0 ? shown : [...shown, words.leftOut.stepsLeftOut(hidden)];
  const isWaiting = message.state === 'proposed';
  const proposal = isWaiting
    ? proposalBlocks(message, content, { hidden, file }, words)
    : [richText(paragraph(recordOf(message, words)))];
  const visible = [richText(paragraph(words.planCard.planTitle(message)), preformatted(lines.join('\n'))), ...proposal];
  const fileMark = hidden === 0 || file === null || !isWaiting ? null : words.files.planFileMark(file.sha256);
  const footer = richText(paragraph(words.planCard.planFooter(message, fileMark)));
  return {
    text: fallbackText(words.planCard.planSentence(message), message, words),
    blocks: [
      ...visible,
      ...(isWaiting ? foldsBeside([...visible, footer], foldsOf(content, words), words) : []),
      footer,
    ],
  };
}

/** Builds what a waiting plan shows below its commands: the effects and the buttons. */
function proposalBlocks(
  message: PlanMessage,
  content: PlanTelling,
  { hidden, file }: { readonly hidden: number; readonly file: PlanFile | null },
  words: Words,
): types.KnownBlock[] {
  const stand = [words.planCard.approvalsSoFar(message), words.planCard.planCallsOn(message)];
  const maxEffect = Math.floor(MAX_EFFECTS / content.effects.length);
  const phrases = [
    ...content.effects.map((phrase) => clipPhrase(phrase, maxEffect, words)),
    ...stand.flatMap((phrase) => (phrase === null ? [] : [clipPhrase(phrase, MAX_APPROVALS, words)])),
    ...(hidden === 0
      ? []
      : [file === null ? words.planCard.planTooLong(hidden) : words.files.planInFile(hidden, file)]),
  ];
  return [
    richText(...phrases.map(paragraph)),
    hidden === 0 || file !== null ? decisionButtons(message, words) : endButtons(message.plan, words),
  ];
}

/** Writes the decision and the outcome of a plan that no longer waits. */
function recordOf(message: PlanMessage, words: Words) {
  return clipPhrase(words.planCard.planRecord(message), MAX_RECORD, words);
}

function foldsOf({ details, alternatives }: PlanTelling, words: Words): Fold[] {
  const maxDetail = (room: number) => Math.floor(room / details.length) - CLIP_NOTE_ROOM;
  return [
    ...alternatives.map((one) => alternativeFold(one, words)),
    {
      title: words.planCard.PLAN_DETAILS_TITLE,
      blocks: (room) => [richText(...details.map((phrase) => paragraph(clipPhrase(phrase, maxDetail(room), words))))],
    },
  ];
}

function alternativeFold({ title, commands, note }: AlternativeTelling, words: Words): Fold {
  return {
    title: clipEnd(title, MAX_FOLD_TITLE - CLIP_NOTE_ROOM, words),
    blocks: (room) => {
      const rows = fittingRows(
        commands.map((command) => [command]),
        room - MAX_NOTE - CLIP_NOTE_ROOM,
        words,
      );
      return [richText(preformatted(rows.join('\n')), paragraph(say`${note}`))];
    },
  };
}
