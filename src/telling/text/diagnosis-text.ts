import type { WalkStep } from '../../model/access.ts';
import { type Diagnosis, walkToShow } from '../../model/diagnosis.ts';
import type { HttpAnswer } from '../../model/facts.ts';
import { planHeading, READING_WALK_HEADING } from '../../words/en/cli.ts';
import { durabilityPhrases } from '../../words/en/durability.ts';
import { stepCommand } from '../../words/en/plan.ts';
import { planConsequences, stepBefore } from '../../words/en/plan-card.ts';
import { answerHeading, tookSentence, verdictTitle } from '../../words/en/verdict.ts';
import type { Phrase } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import { leadPhrases, otherPhrases, walkCells, whyNowStory } from '../diagnosis.ts';
import { type Row, tableLines } from './table.ts';
import { type TerminalStyle, terminalText } from './terminal-text.ts';

/**
 * A diagnosis for a terminal, in the order of the thread: what is broken and why, how it is known, what to do, the way to the
 * storage, what else was found, why only now, the plan, whether it will last, and the registry's raw answers last. `afterPlan` says how
 * the plan can be run; null: that is said elsewhere.
 */
export function diagnosisText(diagnosis: Diagnosis, style: TerminalStyle, afterPlan: string | null): string {
  const sections = [
    [headline(diagnosis, style)],
    texts(leadPhrases(diagnosis), style),
    walkLines(walkToShow(diagnosis), style),
    texts(otherPhrases(diagnosis), style),
    texts(whyNowStory(diagnosis), style),
    planLines(diagnosis, style, afterPlan),
    texts(durabilityPhrases(diagnosis), style),
    rawAnswers(diagnosis, style),
    [style.faint(tookSentence(diagnosis))],
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function texts(phrases: readonly Phrase[], style: TerminalStyle): readonly string[] {
  return phrases.map((phrase) => terminalText(phrase, style));
}

function headline(diagnosis: Diagnosis, style: TerminalStyle): string {
  const title = verdictTitle(diagnosis);
  return diagnosis.verdict === 'healthy' ? style.reassuring(title) : style.alarming(title);
}

function walkLines(walk: readonly WalkStep[], style: TerminalStyle): readonly string[] {
  if (walk.length === 0) return [];
  const rows = walk.map((step): Row => {
    const cells = walkCells(step);
    return step.access === 'allowed' ? { cells } : { cells, style: style.alarming };
  });
  return tableLines([{ cells: READING_WALK_HEADING, style: style.faint }, ...rows]);
}

function planLines({ plan }: Diagnosis, style: TerminalStyle, afterPlan: string | null): readonly string[] {
  if (plan === null) return [];
  const commands: Row[] = plan.steps.map((step) => ({ cells: [`  ${stepCommand(step)}`, stepBefore(step)] }));
  return [
    style.bold(planHeading(plan)),
    ...tableLines(commands),
    ...texts(planConsequences(plan), style),
    ...(afterPlan === null ? [] : [afterPlan]),
  ];
}

function rawAnswers({ v2, health }: Diagnosis, style: TerminalStyle): readonly string[] {
  const answers = [v2, health].filter((answer) => answer !== null);
  return answers.flatMap((answer) => rawAnswer(answer, style));
}

function rawAnswer(answer: HttpAnswer, style: TerminalStyle): readonly string[] {
  const body = answer.body.trim().split('\n').map(visibleText);
  return [style.faint(visibleText(answerHeading(answer))), ...body.map((line) => `  ${line}`)];
}
