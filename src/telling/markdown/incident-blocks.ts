import { type Diagnosis, type PlanOutlook, planOutlook, walkToShow } from '../../model/diagnosis/diagnosis.ts';
import type { StepRecord } from '../../model/plan/execution.ts';
import type { Plan, PlanDraft } from '../../model/plan/plan.ts';
import type { ReceivedAlert } from '../../model/record/alert.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import { hasDiagnosis, type ToldIncident } from '../../model/record/documents/exported-incident.ts';
import type { Words } from '../../words/index.ts';
import type { Phrase } from '../../words/phrase.ts';
import { type DiagnosisTelling, type Part, tellDiagnosis } from '../diagnosis.ts';
import { numbersOf } from '../json/incident-report.ts';
import { planPhrases, tellPlan } from '../plan.ts';
import { tableLines } from '../text/table.ts';
import { walkCells } from '../walk-cells.ts';
import { markdownBlock, markdownCode, markdownPhrase, markdownTable, markdownText, markdownTime } from './markdown.ts';

type PlanOnRecord = ToldIncident['plans'][number];

/** The picture of a diagnosis as a block. Null: the document has none, and says where it is. */
export type PictureBlock = ((diagnosis: Diagnosis) => string) | null;

/**
 * One incident for a later reader, as blocks of Markdown: what was found and planned, who reviewed it, what was run, and the record
 * itself with its proof.
 */
export function incidentBlocks(record: ToldIncident, words: Words, picture: PictureBlock): readonly string[] {
  const [plan, review, execution, entries] = words.incidentExport.EXPORT_PARTS;
  return [
    `# ${markdownText(words.incidentExport.exportTitle(record.incident))}`,
    markdownPhrase(words.incidentExport.exportOrigin(record.incident)),
    ...numbersPart(record, words),
    heading(plan),
    ...planPart(record, words, picture),
    heading(review),
    ...orElse(
      record.plans.flatMap((one) => decisionLines(one, words)),
      words.incidentExport.EXPORT_NONE.review,
    ),
    heading(execution),
    ...orElse(executionPart(record, words), words.incidentExport.EXPORT_NONE.execution),
    heading(entries),
    ...recordPart(record, words),
    ...proofPart(record, words),
  ];
}

/** Of the incident's last end. Nothing before it. */
function numbersPart(record: ToldIncident, words: Words): readonly string[] {
  const numbers = numbersOf(record);
  const said = numbers === null ? [] : words.incidentExport.exportedNumbers(numbers);
  return said.length === 0 ? [] : [markdownPhrase(said)];
}

/** A heading. Its text is the bot's own, so it may hold Markdown. */
function heading(title: string): string {
  return `## ${title}`;
}

function paragraph(phrase: Phrase): string {
  return markdownPhrase(phrase);
}

function orElse(blocks: readonly string[], none: string): readonly string[] {
  return blocks.length === 0 ? [none] : blocks;
}

function planPart(record: ToldIncident, words: Words, picture: PictureBlock): readonly string[] {
  const removed = record.entries.filter(hasDiagnosis).length - record.diagnoses.length;
  return [
    ...alertBlocks(record, words),
    ...orElse(
      [
        ...record.diagnoses.flatMap((one) => [...diagnosisBlocks(one, words), ...pictureOf(one, picture)]),
        ...(removed > 0 ? [words.incidentExport.diagnosesRemoved(removed)] : []),
      ],
      words.incidentExport.EXPORT_NONE.diagnosis,
    ),
    ...(picture === null && record.diagnoses.some(hasPicture)
      ? [paragraph(words.incidentExport.picturesElsewhere(record.incident))]
      : []),
    ...orElse(
      record.plans.flatMap(({ plan }) => planBlocks(plan, outlookOf(record, plan), words)),
      words.incidentExport.EXPORT_NONE.plan,
    ),
  ];
}

function hasPicture(diagnosis: Diagnosis): boolean {
  return walkToShow(diagnosis).length > 0;
}

function pictureOf(diagnosis: Diagnosis, picture: PictureBlock): readonly string[] {
  return picture !== null && hasPicture(diagnosis) ? [picture(diagnosis)] : [];
}

function alertBlocks({ alerts }: ToldIncident, words: Words): readonly string[] {
  if (alerts.length === 0) return [];
  return [
    markdownTable(
      words.incidentExport.ALERTS_HEADING,
      alerts.map((one) => alertCells(one, words)),
    ),
  ];
}

function alertCells({ receivedAt, alert }: ReceivedAlert, words: Words): readonly string[] {
  return [
    markdownTime(alert.startsAt ?? receivedAt),
    words.alerts.ALERT_STATUS[alert.status],
    markdownCode(alert.source, 'cell'),
    markdownPhrase(words.alerts.alertQuote(alert), 'cell'),
  ];
}

/** What the diagnosis that proposed the plan, or showed it as an option, expects of it. An undo has no outlook. */
function outlookOf({ diagnoses }: ToldIncident, { steps }: Plan): PlanOutlook | undefined {
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

function diagnosisBlocks(diagnosis: Diagnosis, words: Words): readonly string[] {
  const told = tellDiagnosis(diagnosis, words);
  const { title, verdict, remedy, cause, inVain, others, outlook, story } = told;
  const phrases = [
    ...remedy,
    ...cause,
    ...inVain,
    ...others.map(({ words: said }) => said),
    ...outlook,
    ...story.flat(),
  ];
  return [
    `### ${markdownText(told.headline)}`,
    ...(title === null ? [] : [paragraph(words.verdict.titleSentence(title))]),
    ...verdict.map(partBlock),
    ...phrases.map(paragraph),
    ...pathBlocks(told.path, words),
  ];
}

function partBlock(part: Part): string {
  if (part.kind === 'words') return paragraph(part.words);
  return markdownBlock(tableLines(part.rows.map((cells) => ({ cells }))));
}

function pathBlocks(path: DiagnosisTelling['path'], words: Words): readonly string[] {
  if (path === null) return [];
  const cell = (text: string) => markdownCode(text, 'cell');
  const rows = path.steps.map((step) => {
    const { mark, path: place, type, mode, owners, access } = walkCells(step, words);
    return [mark, cell(place), markdownText(type), mode, cell(owners), markdownText(access)];
  });
  const identity = path.identity === null ? [] : [paragraph(path.identity)];
  return [markdownText(path.title), markdownTable(words.verdict.READING_WALK_HEADING, rows), ...identity];
}

function planBlocks(plan: Plan, outlook: PlanOutlook | undefined, words: Words): readonly string[] {
  const told = tellPlan(plan, words, outlook);
  return [
    `### ${markdownText(words.incidentExport.exportedPlanTitle(plan))}`,
    markdownPhrase(words.incidentExport.exportedPlanFacts(plan)),
    markdownBlock(told.commands.map((cells) => cells.join('  '))),
    ...planPhrases(told, words).map(paragraph),
  ];
}

function decisionLines({ plan, state, decisions, execution }: PlanOnRecord, words: Words): readonly string[] {
  const made = decisions.map((decision) => markdownPhrase(words.incidentExport.exportedDecision(decision)));
  const isDecided = execution !== null || decisions.some(({ verdict }) => verdict === 'rejected');
  return isDecided
    ? made
    : [...made, markdownPhrase(words.incidentExport.exportedUndecided(plan, state, decisions.length > 0))];
}

function executionPart(record: ToldIncident, words: Words): readonly string[] {
  const { host } = record.incident;
  const verifications = record.verifications.map(({ verification }) =>
    markdownPhrase(words.outcome.verificationSentence(host, verification)),
  );
  return [...record.plans.flatMap((one) => executionBlocks(one, words)), ...verifications];
}

function executionBlocks({ plan, execution }: PlanOnRecord, words: Words): readonly string[] {
  if (execution === null) return [];
  const { outcome } = execution;
  const intent = markdownPhrase(words.incidentExport.exportedExecution(execution));
  if (outcome === null) return [intent];
  const steps = 'steps' in outcome ? outcome.steps : [];
  const said = markdownPhrase(words.outcome.outcomeSentence(plan, outcome));
  return [
    intent,
    said,
    ...(steps.length === 0 ? [] : [markdownTable(words.incidentExport.STEPS_HEADING, steps.map(stepCells))]),
  ];
}

function stepCells({ path, before, after }: StepRecord): readonly string[] {
  return [markdownCode(path, 'cell'), markdownCode(before, 'cell'), markdownCode(after, 'cell')];
}

function recordPart({ entries, messages }: ToldIncident, words: Words): readonly string[] {
  const [first] = entries;
  if (first === undefined) return [words.incidentExport.EXPORT_NONE.entries];
  return [
    markdownTable(
      words.incidentExport.ENTRIES_HEADING,
      entries.map((one) => entryCells(one, words)),
    ),
    markdownPhrase(words.incidentExport.previousHash(first)),
    markdownPhrase(words.incidentExport.deliveries(messages)),
  ];
}

/** The checkpoint as it was signed, what it covers and how to check it. */
function proofPart({ exported: { proof } }: ToldIncident, words: Words): readonly string[] {
  const { proofNotes, coverage } = words.incidentExport;
  const uncovered = proof.entries.filter(({ inclusion }) => inclusion === null).length;
  return [
    markdownText(coverage({ entries: proof.entries.length, uncovered, why: proof.uncovered })),
    ...(proof.checkpoint === null ? [] : [markdownBlock(proof.checkpoint.trimEnd().split('\n'))]),
    ...proofNotes().map(paragraph),
  ];
}

function entryCells(entry: AuditEntry, words: Words): readonly string[] {
  return [
    String(entry.sequence),
    markdownTime(entry.at),
    markdownPhrase([words.record.actLabel(entry.act)]),
    markdownPhrase(words.people.actorName(entry.actor), 'cell'),
    entry.planId ?? '',
    markdownCode(JSON.stringify(entry.outcome), 'cell'),
    markdownCode(entry.hash, 'cell'),
  ];
}
