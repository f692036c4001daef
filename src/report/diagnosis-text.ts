import type { WalkStep } from '../model/access.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { HttpAnswer } from '../model/facts.ts';
import type { Finding } from '../model/finding.ts';
import { accessClause } from '../words/en/access.ts';
import { DRAFT_NOT_APPROVABLE, planHeading, TERMINAL_WALK_HEADING } from '../words/en/cli.ts';
import { findingWords } from '../words/en/findings.ts';
import { stepCommand } from '../words/en/plan.ts';
import { planConsequences, stepBefore } from '../words/en/plan-card.ts';
import {
  alsoFound,
  alsoThere,
  answerHeading,
  inVainSentence,
  kindOf,
  mayPass,
  proofSentence,
  registrySentence,
  serviceSentence,
  sourceSentence,
  tookSentence,
  verdictTitle,
  WALK_MARKS,
} from '../words/en/verdict.ts';
import { code, emphasised, type Phrase, say } from '../words/phrase.ts';
import { visiblePath, visibleText } from '../words/visible-text.ts';
import { type Row, tableLines } from './table.ts';
import { type TerminalStyle, terminalText } from './terminal-style.ts';

/**
 * A diagnosis for a terminal, in the order of the thread: what is broken and why, how it is known, what to do, the way to the
 * storage, what else was found, the plan, and the registry's raw answers last.
 */
export function diagnosisText(diagnosis: Diagnosis, style: TerminalStyle): string {
  const { verdict, findings, walk } = diagnosis;
  // A healthy host has nothing to act on, only notes.
  const lead = verdict === 'healthy' ? undefined : findings[0];
  const sections = [
    [headline(diagnosis, style)],
    texts(leadLines(lead, diagnosis), style),
    walkLines(walk, style),
    texts(otherLines(lead, diagnosis), style),
    planLines(diagnosis, style),
    rawAnswers(diagnosis, style),
    [style.faint(tookSentence(diagnosis))],
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function texts(phrases: readonly Phrase[], style: TerminalStyle): readonly string[] {
  return phrases.filter((phrase) => phrase.length > 0).map((phrase) => terminalText(phrase, style));
}

function headline(diagnosis: Diagnosis, style: TerminalStyle): string {
  const title = verdictTitle(diagnosis);
  return diagnosis.verdict === 'healthy' ? style.reassuring(title) : style.alarming(title);
}

function leadLines(lead: Finding | undefined, diagnosis: Diagnosis): readonly Phrase[] {
  if (lead === undefined) return [...evidence(lead, diagnosis), registryWords(lead, diagnosis)];
  const { title, because, remedy } = findingWords(lead, diagnosis);
  const places = diagnosis.findings
    .filter((finding) => finding !== lead && finding.id === lead.id)
    .flatMap(({ path }) => (path === null ? [] : [say`${code(visiblePath(path))}`]));
  return [
    emphasised(say`${title}.`),
    because,
    alsoThere(lead.id, places),
    ...evidence(lead, diagnosis),
    registryWords(lead, diagnosis),
    // With a plan, that says what to do.
    diagnosis.plan === null ? remedy : [],
    inVainSentence(lead.id),
  ];
}

/** A finding that is about no path (the host cannot be reached) has nothing that could have been tried. */
function evidence(lead: Finding | undefined, diagnosis: Diagnosis): readonly Phrase[] {
  const { service } = diagnosis;
  const wasNamed = lead !== undefined && lead.path !== null;
  const source = service === null ? [] : wasNamed ? sourceSentence(service) : serviceSentence(service);
  return [source, lead?.path === null ? [] : proofSentence(diagnosis)];
}

/** Unless a finding says it already. */
function registryWords(lead: Finding | undefined, diagnosis: Diagnosis): Phrase {
  const isFinding = diagnosis.findings.some((finding) => finding !== lead && finding.id === 'registry-unwell');
  return isFinding ? [] : registrySentence(diagnosis);
}

function otherLines(lead: Finding | undefined, diagnosis: Diagnosis): readonly Phrase[] {
  return diagnosis.findings
    .filter(({ id }) => id !== lead?.id)
    .map((finding) => {
      const { title, because, remedy } = findingWords(finding, diagnosis);
      const found = say`${alsoFound(title, finding)}. ${because}`;
      return diagnosis.plan === null ? say`${found} ${remedy}` : found;
    });
}

function walkLines(walk: readonly WalkStep[], style: TerminalStyle): readonly string[] {
  if (walk.length === 0) return [];
  const rows = walk.map(
    (step): Row => ({
      cells: [
        WALK_MARKS[step.access],
        visiblePath(step.path),
        kindOf(step, step.target === null ? null : visibleText(step.target)),
        step.mode ?? '',
        step.owner === null ? '' : visibleText(`${step.owner}:${step.group ?? ''}`),
        mayPass(step, accessClause(step)),
      ],
      ...(step.access === 'allowed' ? {} : { style: style.alarming }),
    }),
  );
  return tableLines([{ cells: TERMINAL_WALK_HEADING, style: style.faint }, ...rows]);
}

function planLines({ plan }: Diagnosis, style: TerminalStyle): readonly string[] {
  if (plan === null) return [];
  const commands: Row[] = plan.steps.map((step) => ({ cells: [`  ${stepCommand(step)}`, stepBefore(step)] }));
  return [
    style.bold(planHeading(plan)),
    ...tableLines(commands),
    ...texts(planConsequences(plan), style),
    DRAFT_NOT_APPROVABLE,
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
