import { type Diagnosis, type PlanOutlook, planOutlook } from '../../model/diagnosis/diagnosis.ts';
import type { StepRecord } from '../../model/plan/execution.ts';
import type { Plan, PlanDraft } from '../../model/plan/plan.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { IncidentRecord } from '../../model/record/record.ts';
import {
  deliveries,
  ENTRIES_HEADING,
  EXPORT_NONE,
  EXPORT_PARTS,
  exportedDecision,
  exportedExecution,
  exportedPlanFacts,
  exportedPlanTitle,
  exportedUndecided,
  exportOrigin,
  exportTitle,
  previousHash,
  STEPS_HEADING,
} from '../../words/en/incident-export.ts';
import { outcomeSentence, verificationSentence } from '../../words/en/outcome.ts';
import { actorName } from '../../words/en/people.ts';
import { actLabel } from '../../words/en/record.ts';
import { READING_WALK_HEADING } from '../../words/en/verdict.ts';
import { emphasised, type Phrase, say } from '../../words/phrase.ts';
import { type DiagnosisTelling, type Part, tellDiagnosis } from '../diagnosis.ts';
import { planPhrases, tellPlan } from '../plan.ts';
import { tableLines } from '../text/table.ts';
import { walkCells } from '../walk-cells.ts';
import { markdownBlock, markdownCode, markdownPhrase, markdownTable, markdownText, markdownTime } from './markdown.ts';

type PlanOnRecord = IncidentRecord['plans'][number];

/** One incident for whoever reads it later: what was found and planned, who reviewed it, what was run, and the record itself. */
export function incidentMarkdown(record: IncidentRecord): string {
  const [plan, review, execution, entries] = EXPORT_PARTS;
  const blocks = [
    `# ${markdownText(exportTitle(record.incident))}`,
    markdownPhrase(exportOrigin(record.incident)),
    heading(plan),
    ...planPart(record),
    heading(review),
    ...orElse(record.plans.flatMap(decisionLines), EXPORT_NONE.review),
    heading(execution),
    ...orElse(executionPart(record), EXPORT_NONE.execution),
    heading(entries),
    ...recordPart(record),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The numbers are ours, and meant as such. */
function heading(title: string): string {
  return `## ${title}`;
}

function paragraph(phrase: Phrase): string {
  return markdownPhrase(phrase);
}

function orElse(blocks: readonly string[], none: string): readonly string[] {
  return blocks.length === 0 ? [none] : blocks;
}

function planPart(record: IncidentRecord): readonly string[] {
  return [
    ...orElse(record.diagnoses.flatMap(diagnosisBlocks), EXPORT_NONE.diagnosis),
    ...orElse(
      record.plans.flatMap(({ plan }) => planBlocks(plan, outlookOf(record, plan))),
      EXPORT_NONE.plan,
    ),
  ];
}

/** What the diagnosis that proposed it, or showed it as an option, expects of a plan; an undo has none. */
function outlookOf({ diagnoses }: IncidentRecord, { steps }: Plan): PlanOutlook | undefined {
  const proposed = diagnoses.find(
    ({ plan }) => plan !== null && optionsOf(plan).some((one) => isDeepEqual(one, steps)),
  );
  return proposed && planOutlook(proposed);
}

function optionsOf({ steps, alternatives = [] }: PlanDraft): readonly Plan['steps'][] {
  return [steps, ...alternatives.map((option) => option.steps)];
}

function isDeepEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function diagnosisBlocks(diagnosis: Diagnosis): readonly string[] {
  const told = tellDiagnosis(diagnosis);
  const { title, verdict, remedy, cause, inVain, others, outlook, story } = told;
  const phrases = [...remedy, ...cause, ...inVain, ...others.map(({ words }) => words), ...outlook, ...story];
  return [
    `### ${markdownText(told.headline)}`,
    ...(title === null ? [] : [paragraph(emphasised(say`${title}.`))]),
    ...verdict.map(partBlock),
    ...phrases.map(paragraph),
    ...pathBlocks(told.path),
  ];
}

function partBlock(part: Part): string {
  if (part.kind === 'words') return paragraph(part.words);
  return markdownBlock(tableLines(part.rows.map((cells) => ({ cells }))));
}

function pathBlocks(path: DiagnosisTelling['path']): readonly string[] {
  if (path === null) return [];
  const cell = (text: string) => markdownCode(text, 'cell');
  const rows = path.steps.map((step) => {
    const { mark, path: place, type, mode, owners, access } = walkCells(step);
    return [mark, cell(place), markdownText(type), mode, cell(owners), markdownText(access)];
  });
  const identity = path.identity === null ? [] : [paragraph(path.identity)];
  return [markdownText(path.title), markdownTable(READING_WALK_HEADING, rows), ...identity];
}

function planBlocks(plan: Plan, outlook: PlanOutlook | undefined): readonly string[] {
  const told = tellPlan(plan, outlook);
  return [
    `### ${markdownText(exportedPlanTitle(plan))}`,
    markdownPhrase(exportedPlanFacts(plan)),
    markdownBlock(told.commands.map((cells) => cells.join('  '))),
    ...planPhrases(told).map(paragraph),
  ];
}

function decisionLines({ plan, state, decisions, execution }: PlanOnRecord): readonly string[] {
  const made = decisions.map((decision) => markdownPhrase(exportedDecision(decision)));
  const isDecided = execution !== null || decisions.some(({ verdict }) => verdict === 'rejected');
  return isDecided ? made : [...made, markdownPhrase(exportedUndecided(plan, state, decisions.length > 0))];
}

function executionPart(record: IncidentRecord): readonly string[] {
  const { host } = record.incident;
  const verifications = record.verifications.map(({ verification }) =>
    markdownPhrase(verificationSentence(host, verification)),
  );
  return [...record.plans.flatMap(executionBlocks), ...verifications];
}

function executionBlocks({ plan, execution }: PlanOnRecord): readonly string[] {
  if (execution === null) return [];
  const { outcome } = execution;
  const intent = markdownPhrase(exportedExecution(execution));
  if (outcome === null) return [intent];
  const steps = 'steps' in outcome ? outcome.steps : [];
  const said = markdownPhrase(outcomeSentence(plan, outcome));
  return [intent, said, ...(steps.length === 0 ? [] : [markdownTable(STEPS_HEADING, steps.map(stepCells))])];
}

function stepCells({ path, before, after }: StepRecord): readonly string[] {
  return [markdownCode(path, 'cell'), markdownCode(before, 'cell'), markdownCode(after, 'cell')];
}

function recordPart({ entries, messages }: IncidentRecord): readonly string[] {
  const [first] = entries;
  if (first === undefined) return [EXPORT_NONE.entries];
  return [
    markdownTable(ENTRIES_HEADING, entries.map(entryCells)),
    markdownPhrase(previousHash(first)),
    markdownPhrase(deliveries(messages)),
  ];
}

function entryCells(entry: AuditEntry): readonly string[] {
  return [
    String(entry.sequence),
    markdownTime(entry.at),
    markdownPhrase([actLabel(entry.act)]),
    markdownPhrase(actorName(entry.actor), 'cell'),
    entry.planId ?? '',
    markdownCode(JSON.stringify(entry.outcome), 'cell'),
    markdownCode(entry.hash, 'cell'),
  ];
}
