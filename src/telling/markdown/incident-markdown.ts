import type { AuditEntry } from '../../model/audit.ts';
import { type Diagnosis, walkToShow } from '../../model/diagnosis.ts';
import type { StepRecord } from '../../model/execution.ts';
import type { Plan } from '../../model/plan.ts';
import type { IncidentRecord } from '../../model/record.ts';
import type { ThreadMessage } from '../../model/thread-message.ts';
import { READING_WALK_HEADING } from '../../words/en/cli.ts';
import { durabilityPhrases } from '../../words/en/durability.ts';
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
  WALK_TITLE,
} from '../../words/en/incident-export.ts';
import { outcomeSentence, verificationSentence } from '../../words/en/outcome.ts';
import { actorName } from '../../words/en/people.ts';
import { stepCommand } from '../../words/en/plan.ts';
import { planConsequences, stepBefore } from '../../words/en/plan-card.ts';
import { actLabel } from '../../words/en/record.ts';
import { verdictTitle } from '../../words/en/verdict.ts';
import type { Phrase } from '../../words/phrase.ts';
import { leadPhrases, otherPhrases, walkCells, whyNowStory } from '../diagnosis.ts';
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

function bodiesOf<K extends ThreadMessage['kind']>(record: IncidentRecord, kind: K) {
  const isKind = (body: ThreadMessage): body is Extract<ThreadMessage, { kind: K }> => body.kind === kind;
  return record.messages.map(({ body }) => body).filter(isKind);
}

function planPart(record: IncidentRecord): readonly string[] {
  const diagnoses = bodiesOf(record, 'verdict').map(({ diagnosis }) => diagnosis);
  return [
    ...orElse(diagnoses.flatMap(diagnosisBlocks), EXPORT_NONE.diagnosis),
    ...orElse(
      record.plans.flatMap(({ plan }) => planBlocks(plan)),
      EXPORT_NONE.plan,
    ),
  ];
}

function diagnosisBlocks(diagnosis: Diagnosis): readonly string[] {
  const paragraphs = [
    ...leadPhrases(diagnosis),
    ...otherPhrases(diagnosis),
    ...whyNowStory(diagnosis),
    ...durabilityPhrases(diagnosis),
  ].map(paragraph);
  const title = `### ${markdownText(verdictTitle(diagnosis))}`;
  const walk = walkToShow(diagnosis);
  if (walk.length === 0) return [title, ...paragraphs];
  const rows = walk.map((step) => {
    const [mark = '', path = '', type = '', mode = '', owners = '', may = ''] = walkCells(step);
    const cell = (text: string) => markdownCode(text, 'cell');
    return [mark, cell(path), markdownText(type), mode, cell(owners), markdownText(may)];
  });
  return [title, ...paragraphs, WALK_TITLE, markdownTable(READING_WALK_HEADING, rows)];
}

function planBlocks(plan: Plan): readonly string[] {
  return [
    `### ${markdownText(exportedPlanTitle(plan))}`,
    markdownPhrase(exportedPlanFacts(plan)),
    markdownBlock(plan.steps.map((step) => `${stepCommand(step)}  ${stepBefore(step)}`)),
    ...planConsequences(plan).map(paragraph),
  ];
}

function decisionLines({ plan, state, decisions, execution }: PlanOnRecord): readonly string[] {
  const made = decisions.map((decision) => markdownPhrase(exportedDecision(decision)));
  const isDecided = execution !== null || decisions.some(({ verdict }) => verdict === 'rejected');
  return isDecided ? made : [...made, markdownPhrase(exportedUndecided(plan, state, decisions.length > 0))];
}

function executionPart(record: IncidentRecord): readonly string[] {
  const verifications = bodiesOf(record, 'verification').map(({ host, verification, incidentMs }) =>
    markdownPhrase(verificationSentence(host, verification, incidentMs)),
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
