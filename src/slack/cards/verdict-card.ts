import type { types } from '@slack/bolt';
import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { HttpAnswer } from '../../model/host/facts.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { type DiagnosisTelling, type Part, tellDiagnosis } from '../../telling/diagnosis.ts';
import type { Words } from '../../words/index.ts';
import { emphasised, type Phrase, plainText, say } from '../../words/phrase.ts';
import { clipEnd, clipLines, clipMiddle, clipPhrase } from '../blocks/clip.ts';
import { fitLines } from '../blocks/fit-lines.ts';
import { type Fold, foldsBeside } from '../blocks/folds.ts';
import { paragraph, preformatted, richText } from '../blocks/rich-text.ts';
import { fittingRows } from '../blocks/rows.ts';
import { diagnoseAgainButton } from './parts/buttons.ts';
import type { Card } from './parts/card.ts';
import { fallbackText } from './parts/fallback-text.ts';
import { walkTable } from './parts/walk-table.ts';

const MAX_TITLE = 300;
const MAX_REASON = 1_000;
const MAX_ROWS = 1_500;
const MAX_PATH = 120;
const MAX_REMEDY = 800;
const MAX_CAUSE = 600;
const MAX_OTHERS = 3;
const MAX_OTHER = 400;
const MAX_OUTLOOK = 3;
const MAX_STORY_LINE = 300;
const MAX_STORY = 5_000;
const MAX_ANSWER = 500;
const MAX_URL = 100;
const MAX_MARKS = 600;
const MAX_FOLDED_FINDINGS = 3_000;
/** The line that says how many were left out. */
const MAX_REST_LINE = 60;

type VerdictMessage = Extract<ThreadMessage, { kind: 'verdict' }>;

/**
 * What is broken, why, how that is known and what to do. The path, the story and the registry's raw answers are folded
 * below.
 */
export function verdictCard(message: VerdictMessage, words: Words): Card {
  const { diagnosis, incidentId } = message;
  const told = tellDiagnosis(diagnosis, words);
  const title = clipPhrase(told.title ?? say`${told.headline}`, MAX_TITLE, words);
  const marks = clipPhrase(words.record.verdictMarks(message, told.took), MAX_MARKS, words);
  const body = richText(paragraph(emphasised(title)), ...bodyOf(told, words));
  const shown = [body, ...buttons(diagnosis, incidentId, words)];
  const footer = richText(paragraph(marks));
  const sentence = words.verdict.verdictSentence(told.headline, incidentId, told.title === null ? null : title);
  return {
    text: fallbackText(sentence, message, words),
    blocks: [...shown, ...foldsBeside([...shown, footer], foldsOf(told, words), words), footer],
  };
}

function bodyOf(told: DiagnosisTelling, words: Words): BodyPart[] {
  const phrases = [
    ...clipped(told.remedy, MAX_REMEDY, words),
    ...clipped(told.cause, MAX_CAUSE, words),
    ...told.inVain,
    ...clipped(othersOf(told).visible, MAX_OTHER, words),
    ...clipped(told.outlook.slice(0, MAX_OUTLOOK), MAX_OTHER, words),
  ];
  return [...told.verdict.map((one) => partOf(one, words)), ...phrases.map(paragraph)];
}

type BodyPart = types.RichTextSection | types.RichTextPreformatted;

function partOf(part: Part, words: Words): BodyPart {
  if (part.kind === 'words') return paragraph(clipPhrase(part.words, MAX_REASON, words));
  const rows = part.rows.map(([path = '', ...rest]) => [clipMiddle(path, MAX_PATH), ...rest]);
  return preformatted(fittingRows(rows, MAX_ROWS, words).join('\n'));
}

/** The first problems are shown, so many that the card still fits on a phone. The rest and notes are folded. */
function othersOf({ others }: DiagnosisTelling): {
  readonly visible: readonly Phrase[];
  readonly folded: readonly Phrase[];
} {
  const { notes = [], problems = [] } = Object.groupBy(others, ({ isNote }) => (isNote ? 'notes' : 'problems'));
  const wordsOf = (found: typeof others) => found.map(({ words: said }) => said);
  return {
    visible: wordsOf(problems.slice(0, MAX_OTHERS)),
    folded: wordsOf([...problems.slice(MAX_OTHERS), ...notes]),
  };
}

function clipped(phrases: readonly Phrase[], max: number, words: Words): Phrase[] {
  return phrases.map((phrase) => clipPhrase(phrase, max, words));
}

/** A button that diagnoses again, if nothing could be learned. */
function buttons({ verdict }: Diagnosis, incidentId: VerdictMessage['incidentId'], words: Words): types.ActionsBlock[] {
  return verdict === 'inconclusive' ? [diagnoseAgainButton(incidentId, words)] : [];
}

function foldsOf(told: DiagnosisTelling, words: Words): Fold[] {
  return [pathFold(told, words), othersFold(told, words), storyFold(told, words), answersFold(told, words)].filter(
    (fold) => fold !== null,
  );
}

function pathFold({ path }: DiagnosisTelling, words: Words): Fold | null {
  if (path === null) return null;
  const identity = path.identity === null ? [] : [richText(paragraph(clipPhrase(path.identity, MAX_REASON, words)))];
  return { title: path.title, blocks: (room) => [walkTable(path.steps, room - MAX_REASON, words), ...identity] };
}

function othersFold(told: DiagnosisTelling, words: Words): Fold | null {
  const { folded } = othersOf(told);
  if (folded.length === 0) return null;
  const lines = clipped(folded, MAX_OTHER, words);
  return {
    title: words.verdict.moreFindingsTitle(folded.length),
    blocks: (room) => [linesBlock(lines, Math.min(MAX_FOLDED_FINDINGS, room), words)],
  };
}

function storyFold({ story }: DiagnosisTelling, words: Words): Fold | null {
  if (story.length === 0) return null;
  const lines = clipped(story.flat(), MAX_STORY_LINE, words);
  return { title: words.whyNow.STORY_TITLE, blocks: (room) => [linesBlock(lines, Math.min(MAX_STORY, room), words)] };
}

function linesBlock(lines: readonly Phrase[], room: number, words: Words): types.RichTextBlock {
  const { shown, hidden } = fitLines(lines.map(plainText), room - MAX_REST_LINE);
  const fitting = lines.slice(0, shown.length);
  return richText(
    ...[...fitting, ...(hidden === 0 ? [] : [say`${words.leftOut.linesLeftOut(hidden)}`])].map(paragraph),
  );
}

function answersFold({ answers }: DiagnosisTelling, words: Words): Fold | null {
  if (answers === null) return null;
  return {
    title: words.verdict.RAW_ANSWERS_TITLE,
    blocks: (room) => {
      const each = Math.min(MAX_ANSWER, Math.floor(room / answers.raw.length) - 2 * MAX_URL);
      return [richText(paragraph(answers.summary)), ...answers.raw.map((answer) => rawAnswer(answer, each, words))];
    },
  };
}

function rawAnswer(answer: HttpAnswer, max: number, words: Words): types.RichTextBlock {
  const heading = clipEnd(words.verdict.answerHeading(answer), MAX_URL, words);
  return richText(paragraph(say`${heading}`), preformatted(clipLines(answer.body.trim(), Math.max(0, max), words)));
}
