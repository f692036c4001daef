import type { types } from '@slack/bolt';
import type { ApplyOutcome } from '../../../model/plan/execution.ts';
import type { Plan } from '../../../model/plan/plan.ts';
import type { ThreadMessage } from '../../../model/record/messages/thread-message.ts';
import type { Words } from '../../../words/index.ts';
import { visibleText } from '../../../words/visible-text.ts';
import { clipMiddle, clipPhrase } from '../../blocks/clip.ts';
import { fitLines } from '../../blocks/fit-lines.ts';
import type { Fold } from '../../blocks/folds.ts';
import { paragraph, preformatted, richText } from '../../blocks/rich-text.ts';

const MAX_PATH = 1_000;
const MAX_CHANGES = 6_000;
const MAX_MARKS = 1_500;
const MAX_APPROVED = 600;
/** Characters kept free for the line that says how many changes are left out. */
const CLIP_NOTE_ROOM = 60;

/** The earlier and the current state of every directory and file, one per line. Null if the outcome has none. */
export function changesOf(
  plan: Plan,
  outcome: ApplyOutcome,
  words: Words,
  max = MAX_CHANGES,
): types.RichTextPreformatted | null {
  if (!('steps' in outcome) || outcome.steps.length === 0) return null;
  const lines = outcome.steps.map((step) =>
    visibleText(words.outcome.stepChange(step, clipMiddle(step.path, MAX_PATH))),
  );
  const { shown, hidden } = fitLines(lines, Math.min(MAX_CHANGES, max) - CLIP_NOTE_ROOM);
  return preformatted([...shown, ...(hidden === 0 ? [] : [words.outcome.stepRecordsLeftOut(hidden, plan)])].join('\n'));
}

/** The same as a fold, since a fix that worked needs it only later. */
export function changesFold(plan: Plan, outcome: ApplyOutcome, words: Words): Fold[] {
  if (changesOf(plan, outcome, words) === null) return [];
  const blocks = (room: number) => {
    const changes = changesOf(plan, outcome, words, room);
    return changes === null ? [] : [richText(changes)];
  };
  return [{ title: words.outcome.changesTitle(plan), blocks }];
}

/** The last line of an outcome card: who approved which plan, and every audit entry that the message covers. */
export function marksBlock(
  message: Extract<ThreadMessage, { kind: 'execution' | 'verification' }>,
  words: Words,
): types.RichTextBlock {
  const { approval } = message;
  const approved = approval === undefined ? null : clipPhrase(words.record.approvedBy(approval), MAX_APPROVED, words);
  return richText(paragraph(clipPhrase(words.record.outcomeMarks(message, approved), MAX_MARKS, words)));
}
