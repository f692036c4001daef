import { createReadStream } from 'node:fs';
import type { NoteKey } from '../../hash/signed-note.ts';
import type { ExportProblem } from '../../model/record/documents/export-problem.ts';
import { systemProblem } from '../../model/system-problem.ts';
import { type Absent, checkExport, type ExportCheck } from '../../record/export/check-export.ts';
import { documentWriter } from '../../telling/document/incident-document.ts';
import { wordsFor } from '../../words/index.ts';
import { visibleText } from '../../words/visible-text.ts';
import { readBoundedStream } from '../files/bounded-stream.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';
import { type IncidentDocument, readDocument } from './read-document.ts';

/** A document of a hundred thousand entries has about so many bytes, and a string can't have many more. */
const MAX_BYTES = 400 * 1024 * 1024;

/** `audit verify FILE`: an exported document, by its own proof and the public keys only. Names every difference. */
export async function verifyDocument(
  file: string,
  { keys, writtenBy }: { readonly keys: readonly NoteKey[]; readonly writtenBy: string },
  console: Console,
): Promise<number> {
  const { err, out, style, words } = console;
  const { documentCheck, systemError } = words;
  const name = visibleText(file);
  if (keys.length === 0) return refused(documentCheck.NO_KEY, console);
  let text: string | null;
  try {
    text = await readBoundedStream(createReadStream(file), MAX_BYTES);
  } catch (error) {
    return refused(documentCheck.documentUnreadable(name, systemError.systemClause(systemProblem(error))), console);
  }
  const document = text === null ? null : readDocument(text);
  if (document === null) return refused(documentCheck.notADocument(name), console);
  const checks = document.incidents.map((one) => checkExport(one, keys, { kind: 'file', file: name }));
  const problems = [...checks.flatMap((check) => check.problems), ...textProblems(document, checks, writtenBy)];
  for (const problem of problems) out(`${visibleText(documentCheck.exportProblem(problem))}\n`);
  if (problems.length > 0) {
    err(style.alarming(documentCheck.documentBroken(name, problems.length)));
    return EXIT.notGood;
  }
  for (const { told, size } of checks) {
    out(`${style.reassuring(documentCheck.documentIntact(told.incident.id, told.entries.length, size))}\n`);
  }
  const absent = (what: keyof Absent) => checks.reduce((sum, check) => sum + check.absent[what], 0);
  const [values, diagnoses] = [absent('values'), absent('diagnoses')];
  if (values + diagnoses > 0) out(`${documentCheck.absent(values, diagnoses)}\n`);
  out(`${documentCheck.NOT_IN_PROOF}\n`);
  return EXIT.good;
}

function refused(why: string, { err }: Console): number {
  err(why);
  return EXIT.usage;
}

/** Writes the document again, from what its proof holds, and compares. */
function textProblems(
  { form, text, incidents }: IncidentDocument,
  checks: readonly ExportCheck[],
  ourVersion: string,
): readonly ExportProblem[] {
  const { language, writtenBy } = incidents[0];
  const writer = documentWriter(form, wordsFor(language));
  const written = checks.map(({ told }) => writer.incident(told, checks.length === 1)).join('');
  const ours = `${writer.head}${written}${writer.foot}`;
  const line = form === 'json' ? firstOtherToken(ours, text) : firstDifference(ours, text);
  if (line === null) return [];
  return [writtenBy === ourVersion ? { kind: 'text-differs', line } : { kind: 'other-version', writtenBy }];
}

/** Whatever its blanks, JSON says the same. Compared as text, because a key that is there twice can be read in two ways. */
function firstOtherToken(ours: string, theirs: string): number | null {
  const withoutBlanks = (text: string) => text.replace(STRING_OR_BLANKS, '$1');
  return withoutBlanks(ours) === withoutBlanks(theirs) ? null : firstDifference(ours, theirs);
}

const STRING_OR_BLANKS = /("(?:[^"\\]|\\.)*")|\s+/g;

/** The number of the first line that is not the same. Null: there is none. */
function firstDifference(ours: string, theirs: string): number | null {
  if (ours === theirs) return null;
  const [one, other] = [ours.split('\n'), theirs.split('\n')];
  return one.findIndex((line, index) => line !== other[index]) + 1 || one.length + 1;
}
