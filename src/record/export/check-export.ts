import { textHash } from '../../hash/canonical-hash.ts';
import { type Checkpoint, isIncluded, parseCheckpoint } from '../../hash/checkpoint.ts';
import type { NoteKey } from '../../hash/signed-note.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { ExportProblem } from '../../model/record/documents/export-problem.ts';
import {
  type ExportedIncident,
  hasDiagnosis,
  type ToldIncident,
} from '../../model/record/documents/exported-incident.ts';
import type { CheckpointSource } from '../../model/record/record.ts';
import { CheckpointWalk } from '../check/check-checkpoints.ts';
import { changedSinceOpening } from '../check/incidents-walk.ts';
import { valueProblems } from '../check/kept-values.ts';
import { PlansWalk, plansInRows } from '../check/plans-walk.ts';
import { type ExportedEntry, readExport } from './read-export.ts';

/** What the entries hold the digest of and the document does not have: it was erased before, or taken out of the document. */
export type Absent = { readonly values: number; readonly diagnoses: number };

/** `told`: what the proof holds. `size`: how many entries of the record its checkpoint covers. */
export type ExportCheck = {
  readonly told: ToldIncident;
  readonly absent: Absent;
  readonly size: number;
  readonly problems: readonly ExportProblem[];
};

/**
 * Checks an exported incident by its own proof and the public keys only: that each entry is in the tree of a checkpoint that one of the keys
 * signed, that none is missing between two of them, and that all else is what the entries say.
 *
 * @param source where the document is
 */
export function checkExport(
  exported: ExportedIncident,
  keys: readonly NoteKey[],
  source: CheckpointSource,
): ExportCheck {
  const { told, chained, problems } = readExport(exported);
  const { checkpoint: note } = exported.proof;
  const checkpoint = note === null ? null : parseCheckpoint(note);
  return {
    told,
    absent: { values: chained.flatMap(valuesMissing).length, diagnoses: diagnosesMissing(told) },
    size: checkpoint?.size ?? 0,
    problems: [
      ...(note === null ? [] : signatureProblems(note, keys, source)),
      ...problems,
      ...entryProblems(told, checkpoint),
      ...leftOut(told),
      ...incidentProblems(told),
      ...documentProblems(told),
      ...chained.flatMap(valuesChanged),
      ...plansProblems(told, chained),
    ],
  };
}

/** Its tree is compared entry by entry, so here it is compared with no entries. */
function signatureProblems(note: string, keys: readonly NoteKey[], source: CheckpointSource): readonly ExportProblem[] {
  return new CheckpointWalk([{ note, source }], keys).problems().filter(({ kind }) => kind !== 'tail-missing');
}

function entryProblems(
  { entries, exported: { proof } }: ToldIncident,
  checkpoint: Checkpoint | null,
): readonly ExportProblem[] {
  const paths = new Map(
    proof.entries.map(({ canonical, inclusion }): [string, typeof inclusion] => [textHash(canonical), inclusion]),
  );
  const problems: ExportProblem[] = [];
  const uncovered: AuditEntry[] = [];
  for (const entry of entries) {
    const path = paths.get(entry.hash) ?? null;
    if (checkpoint === null || path === null) uncovered.push(entry);
    else if (!isIncluded(entry, checkpoint, path)) problems.push({ kind: 'not-in-tree', sequence: entry.sequence });
  }
  const [first] = uncovered;
  const last = uncovered.at(-1);
  if (first === undefined || last === undefined) return problems;
  const { sequence } = first;
  return [...problems, { kind: 'not-covered', sequence, through: last.sequence, why: proof.uncovered }];
}

/** The entries of an incident are numbered without gaps. Whether others follow the last one, only a newer export can say. */
function leftOut({ incident, entries }: ToldIncident): readonly ExportProblem[] {
  const foreign = entries.find(({ incidentId }) => incidentId !== incident.id);
  if (foreign !== undefined) return [{ kind: 'of-other-incident', sequence: foreign.sequence }];
  const at = entries.findIndex(({ incidentEntry }, index) => incidentEntry !== index + 1);
  const entry = entries[at];
  if (entry !== undefined) return [{ kind: 'left-out', incidentEntry: at + 1, sequence: entry.sequence }];
  return entries.length === 0 ? [{ kind: 'left-out', incidentEntry: 1, sequence: 0 }] : [];
}

/** What is told of the incident is what its first entry says, and it can end only at the time of an entry. */
function incidentProblems({ incident, entries }: ToldIncident): readonly ExportProblem[] {
  const [first] = entries;
  if (first === undefined) return [];
  const endsAtEntry = incident.closedAt === null || entries.some(({ at }) => at === incident.closedAt);
  const fields = [...changedSinceOpening(incident, first), ...(endsAtEntry ? [] : ['closedAt' as const])];
  return fields.map((field) => ({ kind: 'incident-disagrees', field }));
}

function documentProblems({ entries, exported: { proof } }: ToldIncident): readonly ExportProblem[] {
  const named = new Set(
    entries.flatMap(({ planHash, outcome }) => [planHash, outcome['digest'], outcome['signatureDigest']]),
  );
  const wrong = proof.documents.filter(({ digest, canonical }) => !named.has(digest) || textHash(canonical) !== digest);
  return wrong.map(({ digest }) => ({ kind: 'document-unknown', digest }));
}

function valuesChanged(one: ExportedEntry): readonly ExportProblem[] {
  return valueProblemsOf(one).filter(({ kind }) => kind === 'value-changed');
}

function valuesMissing(one: ExportedEntry): readonly ExportProblem[] {
  return valueProblemsOf(one).filter(({ kind }) => kind === 'value-missing');
}

function valueProblemsOf({ entry, values }: ExportedEntry) {
  return valueProblems(
    entry,
    values.map((value) => ({ sequence: entry.sequence, ...value })),
  );
}

function diagnosesMissing({ entries, diagnoses }: ToldIncident): number {
  return entries.filter(hasDiagnosis).length - diagnoses.length;
}

function plansProblems({ plans }: ToldIncident, chained: readonly ExportedEntry[]): readonly ExportProblem[] {
  const walk = new PlansWalk();
  for (const { entry, values } of chained) walk.addEntry(entry, values);
  const readable = <Value>(values: readonly Value[]) => ({ values, problems: [] });
  const rows = {
    hashes: new Map(plans.map(({ plan }) => [plan.id, plan.hash])),
    plans: readable(plans),
    decisions: readable(plans.flatMap(({ decisions }) => decisions)),
    executions: readable(plans.flatMap(({ execution }) => execution ?? [])),
  };
  walk.addPlans(plansInRows(rows));
  return walk.problems();
}
