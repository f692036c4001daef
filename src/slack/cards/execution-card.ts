import type { ApplyOutcome } from '../../model/plan/execution.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import type { Words } from '../../words/index.ts';
import { clipPhrase } from '../blocks/clip.ts';
import { foldsBeside } from '../blocks/folds.ts';
import { paragraph, richText } from '../blocks/rich-text.ts';
import { diagnoseAgainButton } from './parts/buttons.ts';
import type { Card } from './parts/card.ts';
import { fallbackText } from './parts/fallback-text.ts';
import { changesFold, changesOf, marksBlock } from './parts/outcome-parts.ts';

const MAX_SENTENCE = 2_000;

/** The outcome of an approved plan that did not change the registry, that undid a fix, or that is still unknown. */
export function executionCard(message: Extract<ThreadMessage, { kind: 'execution' }>, words: Words): Card {
  const { plan, outcome } = message;
  const sentence = words.outcome.outcomeSentence(plan, outcome);
  // If a person has to fix it by hand, the current state must be visible.
  const isInSight = outcome.kind === 'undo-failed';
  const changes = isInSight ? changesOf(plan, outcome, words) : null;
  const shown = [
    richText(paragraph(clipPhrase(sentence, MAX_SENTENCE, words)), ...(changes === null ? [] : [changes])),
    ...(leavesItOpen(plan, outcome) ? [diagnoseAgainButton(plan.incidentId, words)] : []),
  ];
  const marks = marksBlock(message, words);
  const folds = isInSight ? [] : changesFold(plan, outcome, words);
  return {
    text: fallbackText(sentence, message, words),
    blocks: [...shown, ...foldsBeside([...shown, marks], folds, words), marks],
  };
}

function leavesItOpen({ undoes }: Plan, { kind }: ApplyOutcome): boolean {
  return LEAVES_IT_OPEN[kind] || (kind === 'applied' && undoes !== undefined);
}

/** Whether the fault is still there, so that a new diagnosis comes next. */
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
