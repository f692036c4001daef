import type { CheckpointSource, RecordProblem, RecordWitness } from '../../../src/model/record/record.ts';
import type { Row } from './alterations.ts';

/**
 * Whether a problem tells which row was altered: the entry by its number, any other row by its key, or by the plan or the incident that it
 * belongs to. `row`: as it is in the table.
 */
export function tellsOf(problem: RecordProblem, table: string, row: Row): boolean {
  return TOLD_BY[table]?.(problem, row) ?? false;
}

const TOLD_BY: Readonly<Record<string, (problem: RecordProblem, row: Row) => boolean>> = {
  audit_entries: (problem, { sequence }) =>
    isUnreadable(problem, 'audit_entries', sequence) || isAboutEntry(problem, Number(sequence)),
  audit_head: (problem) =>
    isByWitness(problem, ({ kind }) => kind === 'head') ||
    problem.kind === 'head-missing' ||
    isUnreadable(problem, 'audit_head', 1),
  entry_values: (problem, { sequence, field }) =>
    (problem.kind === 'value-changed' || problem.kind === 'value-missing') &&
    problem.sequence === sequence &&
    problem.field === String(field),
  incidents: (problem, { id }) =>
    isUnreadable(problem, 'incidents', id) || ('incidentId' in problem && problem.incidentId === id),
  plans: (problem, { id }) =>
    isUnreadable(problem, 'plans', id) ||
    ((problem.kind === 'plan-changed' || problem.kind === 'plan-missing') && problem.planId === id) ||
    isRowOf('state', problem, id),
  decisions: (problem, { plan_id: plan }) =>
    isUnreadable(problem, 'decisions', plan) || isRowOf('decisions', problem, plan),
  executions: (problem, { plan_id: plan }) =>
    isUnreadable(problem, 'executions', plan) || isRowOf('execution', problem, plan),
  diagnoses: (problem, { sequence }) => isBodyOf('diagnosis', problem, sequence),
  verifications: (problem, { sequence }) => isBodyOf('verification', problem, sequence),
  checkpoints: (problem, { size }) =>
    ('size' in problem && problem.size === size) ||
    (problem.kind === 'rewritten' && isInRecord(problem.source) && problem.through === size) ||
    (problem.kind === 'tail-missing' &&
      problem.writtenUpTo === size &&
      isByWitness(problem, (witness) => witness.kind === 'checkpoint' && isInRecord(witness.source))),
  messages: (problem, { key }) => isByWitness(problem, (witness) => witness.kind === 'message' && witness.key === key),
};

type Value = Row[string] | undefined;

function isUnreadable(problem: RecordProblem, table: string, key: Value): boolean {
  return problem.kind === 'unreadable' && problem.table === table && problem.key === String(key);
}

function isAboutEntry(problem: RecordProblem, sequence: number): boolean {
  switch (problem.kind) {
    case 'changed':
    case 'chain-broken':
    case 'contradicted':
      return problem.sequence === sequence;
    case 'reordered':
      return problem.sequence === sequence || problem.writtenAs === sequence;
    case 'missing':
    case 'not-by-us':
      return problem.sequence <= sequence && sequence <= problem.through;
    case 'tail-missing':
      return problem.last < sequence && sequence <= problem.writtenUpTo;
    default:
      return false;
  }
}

function isByWitness(problem: RecordProblem, isIt: (witness: RecordWitness) => boolean): boolean {
  return 'witness' in problem && isIt(problem.witness);
}

function isRowOf(about: 'decisions' | 'execution' | 'state', problem: RecordProblem, plan: Value): boolean {
  return problem.kind === 'row-disagrees' && problem.about === about && problem.planId === plan;
}

function isBodyOf(about: 'diagnosis' | 'verification', problem: RecordProblem, sequence: Value): boolean {
  return problem.kind === 'body-disagrees' && problem.about === about && problem.sequence === sequence;
}

function isInRecord({ kind }: CheckpointSource): boolean {
  return kind === 'record';
}
