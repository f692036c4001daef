import { type Diagnosis, planOutlook } from '../../model/diagnosis/diagnosis.ts';
import type { HttpAnswer } from '../../model/host/facts.ts';
import type { Words } from '../../words/index.ts';
import { type Phrase, plainText } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import { type DiagnosisTelling, type Part, tellDiagnosis } from '../diagnosis.ts';
import { planPhrases, tellPlan } from '../plan.ts';
import { walkCells } from '../walk-cells.ts';
import { type Row, tableLines } from './table.ts';
import { type TerminalStyle, terminalText } from './terminal-text.ts';

/**
 * A diagnosis for a terminal: the verdict, the fix, the path, other findings, why only now, the timeline and the
 * registry's raw answers. `afterPlan` says how to run the plan; null if the caller says it.
 */
export function diagnosisText(
  diagnosis: Diagnosis,
  style: TerminalStyle,
  afterPlan: string | null,
  words: Words,
): string {
  const told = tellDiagnosis(diagnosis, words);
  const sections = [
    [diagnosis.verdict === 'healthy' ? style.reassuring(told.headline) : style.alarming(told.headline)],
    verdictLines(told, style, words),
    planLines(diagnosis, style, afterPlan, words),
    pathLines(told.path, style, words),
    texts(
      told.others.map(({ words: said }) => said),
      style,
    ),
    texts([...told.cause, ...told.outlook], style),
    ...told.story.map((group) => texts(group, style)),
    told.answers === null ? [] : told.answers.raw.flatMap((answer) => rawAnswer(answer, style, words)),
    [style.faint(told.took)],
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function texts(phrases: readonly Phrase[], style: TerminalStyle): readonly string[] {
  return phrases.map((phrase) => terminalText(phrase, style));
}

function verdictLines(
  { headline, title, verdict, remedy, inVain }: DiagnosisTelling,
  style: TerminalStyle,
  words: Words,
): readonly string[] {
  return [
    ...texts(title === null || isToldBy(headline, title) ? [] : [words.verdict.titleSentence(title)], style),
    ...verdict.flatMap((part) => partLines(part, style)),
    ...texts([...remedy, ...inVain], style),
  ];
}

/** Whether the headline, which begins with the host, already says all of the title. */
function isToldBy(headline: string, title: Phrase): boolean {
  return headline.toLowerCase().endsWith(plainText(title).toLowerCase());
}

function partLines(part: Part, style: TerminalStyle): readonly string[] {
  if (part.kind === 'words') return [terminalText(part.words, style)];
  return tableLines(part.rows.map(([first = '', ...rest]) => ({ cells: [`  ${first}`, ...rest] })));
}

function pathLines(path: DiagnosisTelling['path'], style: TerminalStyle, words: Words): readonly string[] {
  if (path === null) return [];
  const rows = path.steps.map((step): Row => {
    const { mark, path: place, type, mode, owners, access } = walkCells(step, words);
    const cells = [mark, place, type, mode, owners, access];
    return step.access === 'allowed' ? { cells } : { cells, style: style.alarming };
  });
  return [
    style.bold(path.title),
    ...tableLines([{ cells: words.verdict.READING_WALK_HEADING, style: style.faint }, ...rows]),
    ...texts(path.identity === null ? [] : [path.identity], style),
  ];
}

function planLines(
  diagnosis: Diagnosis,
  style: TerminalStyle,
  afterPlan: string | null,
  words: Words,
): readonly string[] {
  const { plan } = diagnosis;
  if (plan === null) return [];
  const told = tellPlan(plan, words, planOutlook(diagnosis));
  const commands: Row[] = told.commands.map(([command, before]) => ({ cells: [`  ${command}`, before] }));
  return [
    style.bold(words.cli.planHeading(plan)),
    ...tableLines(commands),
    ...texts(planPhrases(told, words), style),
    ...(afterPlan === null ? [] : [afterPlan]),
  ];
}

function rawAnswer(answer: HttpAnswer, style: TerminalStyle, words: Words): readonly string[] {
  const body = answer.body.trim().split('\n').map(visibleText);
  return [style.faint(visibleText(words.verdict.answerHeading(answer))), ...body.map((line) => `  ${line}`)];
}
