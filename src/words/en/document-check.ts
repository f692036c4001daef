import type { ExportProblem } from '../../model/record/documents/export-problem.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import { visibleText } from '../visible-text.ts';
import { allOfWords } from './lists.ts';
import { recordProblem } from './store.ts';
import { count } from './time.ts';

/** The answers of `audit verify FILE`, which checks an exported document. */

/** One thing that is wrong with an exported incident, as a sentence. */
export function exportProblem(problem: ExportProblem): string {
  switch (problem.kind) {
    case 'not-in-tree':
      return `Entry ${problem.sequence} is not the one that the checkpoint covers: it was changed, or is of another record.`;
    case 'left-out':
      return problem.sequence === 0
        ? 'The document has no entries.'
        : `The incident’s entry ${problem.incidentEntry} is missing before entry ${problem.sequence} of the record.`;
    case 'of-other-incident':
      return `Entry ${problem.sequence} is about another incident.`;
    case 'not-covered':
      return problem.sequence === problem.through
        ? `No checkpoint covers entry ${problem.sequence}: export the incident again once there is a newer one.`
        : `No checkpoint covers entries ${problem.sequence} to ${problem.through}: export the incident again once there is a newer one.`;
    case 'incident-disagrees':
      return `${INCIDENT_FIELDS[problem.field] ?? problem.field} is not what the entries say.`;
    case 'document-unknown':
      return `No entry holds the digest ${problem.digest}, or its text has another one.`;
    case 'text-differs':
      return `Line ${problem.line} is not what the proof says.`;
    case 'other-version':
      return `The text was not compared with its proof: Registry Doctor ${visibleText(problem.writtenBy)} wrote it. Verify it with that version.`;
    default:
      return recordProblem(problem);
  }
}

const INCIDENT_FIELDS: Partial<Record<keyof Incident, string>> = {
  host: 'The host',
  openedBy: 'Who opened the incident',
  openedAt: 'When the incident was opened',
  closedAt: 'When the incident ended',
};

/** `size`: so many entries of the record are under its checkpoint. */
export function documentIntact(id: IncidentId, entries: number, size: number): string {
  return `Incident ${id} proven: ${count(entries, 'entry', 'entries')} under a signed checkpoint over the first ${count(size, 'entry', 'entries')} of the record.`;
}

export const NOT_IN_PROOF =
  'Not proven: the words of alerts, what Slack shows, the incident’s present state, and whether more was recorded after the last entry.';

/** Names and texts of people, and diagnoses, of which the entries have the digest only. */
export function absent(values: number, diagnoses: number): string {
  const what = allOfWords([
    ...(values === 0 ? [] : [count(values, 'name or text', 'names or texts')]),
    ...(diagnoses === 0 ? [] : [count(diagnoses, 'diagnosis', 'diagnoses')]),
  ]);
  return `Not in the document: ${what}, erased from the record or left out of the document. The digests of them are proven.`;
}

export function documentBroken(file: string, problems: number): string {
  return `Document check FAILED: ${count(problems, 'problem')} in ${file}. Ask for a new export, and keep this file as evidence.`;
}

export function documentUnreadable(file: string, why: string): string {
  return `Can’t read ${file}: ${why}. Nothing was verified.`;
}

export function notADocument(file: string): string {
  return `There is no proof in ${file}, or it is not whole. Nothing was verified. Name a file that \`registry-doctor audit export\` has written.`;
}

export const NO_KEY =
  'There is no key to check the signature with. Nothing was verified. Name the line that `registry-doctor audit key` prints, or a file with it: --key FILE';
