import type { types } from '@slack/bolt';
import type { Plan } from '../../model/plan.ts';
import type { ThreadMessage } from '../../model/thread-message.ts';
import { stepsLeftOut } from '../../words/en/left-out.ts';
import { stepCommand } from '../../words/en/plan.ts';
import {
  approvalsSoFar,
  planConsequences,
  planRecord,
  planSentence,
  planTitle,
  planTooLong,
  stepBefore,
} from '../../words/en/plan-card.ts';
import { recordMark } from '../../words/en/record.ts';
import { say } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import { decisionButtons, rejectButton } from './buttons.ts';
import type { Card } from './card.ts';
import { clipPhrase } from './clip.ts';
import { fitLines } from './fit-lines.ts';
import { mrkdwnText, paragraph, paragraphs, preformatted, richText } from './rich-text.ts';

const MAX_COMMANDS = 8_000;
const MAX_TEXT = 600;
const MAX_SENTENCE = 2_000;
const MAX_APPROVALS = 600;
/** All that is said of a plan together: the commands come first. */
const MAX_CONSEQUENCES = 3_600;

type PlanMessage = Extract<ThreadMessage, { kind: 'plan' }>;

/**
 * One plan: while it waits, with its buttons; from then on a record of who decided and what came of it. Who is asked to
 * approve sees every command whole; where they do not fit, there is no button to approve.
 */
export function planCard(message: PlanMessage): Card {
  const { shown, hidden } = fitLines(commandLines(message.plan), MAX_COMMANDS);
  const lines = hidden === 0 ? shown : [...shown, stepsLeftOut(hidden)];
  const isOpen = message.state === 'proposed';
  const sentences = planConsequences(message.plan);
  const consequences = sentences.map((phrase) => clipPhrase(phrase, Math.floor(MAX_CONSEQUENCES / sentences.length)));
  const soFar = approvalsSoFar(message);
  const title = say`${planTitle(message)} · ${recordMark(message.record)}`;
  return {
    text: mrkdwnText(clipPhrase(planSentence(message), MAX_TEXT)),
    blocks: [
      richText(paragraph(title), preformatted(lines.join('\n'))),
      ...(isOpen
        ? [richText(...paragraphs([...consequences, ...(soFar === null ? [] : [clipPhrase(soFar, MAX_APPROVALS)])]))]
        : []),
      ...(isOpen ? decision(message.plan, hidden) : record(message)),
    ],
  };
}

function commandLines({ steps }: Plan): string[] {
  return steps.map((step) => visibleText(`${stepCommand(step)}  ${stepBefore(step)}`));
}

function decision(plan: Plan, hidden: number): types.KnownBlock[] {
  if (hidden === 0) return [decisionButtons(plan)];
  return [richText(paragraph(planTooLong(hidden))), rejectButton(plan)];
}

function record(message: PlanMessage): types.KnownBlock[] {
  return [richText(paragraph(clipPhrase(planRecord(message), MAX_SENTENCE)))];
}
