import type { ApplyOutcome, StepRecord } from '../../model/execution.ts';
import type { Plan } from '../../model/plan.ts';
import type { ThreadMessage } from '../../model/thread-message.ts';
import { outcomeSentence, stepChange, stepRecordsLeftOut } from '../../words/en/outcome.ts';
import { planMark, recordMark } from '../../words/en/record.ts';
import { say } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import { diagnoseAgainButton } from './buttons.ts';
import type { Card } from './card.ts';
import { clipMiddle, clipPhrase } from './clip.ts';
import { fitLines } from './fit-lines.ts';
import { mrkdwnText, paragraph, preformatted, richText } from './rich-text.ts';

const MAX_SENTENCE = 3_000;
const MAX_TEXT = 600;
const MAX_CHANGES = 6_000;
const MAX_PATH = 1_000;

/** What became of an approved plan: every directory and file before and after, or why nothing was changed. */
export function executionCard({ plan, outcome, record }: Extract<ThreadMessage, { kind: 'execution' }>): Card {
  const sentence = outcomeSentence(plan, outcome);
  const shown = say`${clipPhrase(sentence, MAX_SENTENCE)} ${planMark(plan)} ${recordMark(record)}`;
  const changes = changeLines(plan, outcome);
  return {
    text: mrkdwnText(clipPhrase(sentence, MAX_TEXT)),
    blocks: [
      richText(paragraph(shown), ...(changes.length === 0 ? [] : [preformatted(changes.join('\n'))])),
      ...(leavesItOpen(plan, outcome) ? [diagnoseAgainButton(plan.incidentId)] : []),
    ],
  };
}

function leavesItOpen({ undoes }: Plan, { kind }: ApplyOutcome): boolean {
  return LEAVES_IT_OPEN[kind] || (kind === 'applied' && undoes !== undefined);
}

/** Whether the fault is as it was, so that somebody will want to look again. */
const LEAVES_IT_OPEN: Record<ApplyOutcome['kind'], boolean> = {
  applied: false,
  stale: true,
  undone: true,
  refused: true,
  'undo-failed': true,
  'never-started': true,
  running: false,
  unknown: false,
};

function changeLines(plan: Plan, outcome: ApplyOutcome): string[] {
  if (!('steps' in outcome)) return [];
  const lines = outcome.steps.map((step: StepRecord) => visibleText(stepChange(step, clipMiddle(step.path, MAX_PATH))));
  const { shown, hidden } = fitLines(lines, MAX_CHANGES);
  return hidden === 0 ? [...shown] : [...shown, stepRecordsLeftOut(hidden, plan)];
}
