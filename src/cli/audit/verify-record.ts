import { readFile } from 'node:fs/promises';
import { notesIn } from '../../hash/checkpoint.ts';
import type { RecordCheck } from '../../model/record/record.ts';
import type { SigningKey } from '../../model/settings/settings.ts';
import { systemProblem } from '../../model/system-problem.ts';
import type { KeptCheckpoint } from '../../record/check/check-checkpoints.ts';
import { plainText } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';
import { recordKeys } from './record-key.ts';
import type { Testimony } from './testimony.ts';

/**
 * `audit verify`: every broken entry by name.
 *
 * @param by.file checkpoints that someone else kept; null: only those in the record are compared
 * @param by.testimony what other witnesses said; what could not be asked is never taken for agreement
 */
export async function verifyRecord(
  trail: AuditTrail,
  { signing, formerKeys, file, testimony }: VerifyBy,
  console: Console,
): Promise<number> {
  const inFile = file === null ? [] : await keptIn(file, console);
  if (inFile === null) return EXIT.usage;
  const keys = await recordKeys(signing, formerKeys);
  const { cli, store } = console.words;
  const check = await trail.verify({
    keys,
    kept: [...inFile, ...testimony.kept],
    held: testimony.held,
    slack: testimony.slack,
  });
  if (check.kind === 'intact') {
    const agrees = file === null ? [] : [cli.checkpointsAgree(visibleText(file), inFile.length)];
    printIntact(check, { isKeyKnown: keys.length > 0, agrees: [...agrees, ...testimony.agrees] }, console);
  } else {
    for (const problem of check.problems) console.out(`${visibleText(store.recordProblem(problem))}\n`);
    console.out(`${console.style.alarming(cli.recordBroken(check.entries, check.problems.length))}\n`);
  }
  for (const line of testimony.notCompared) console.out(`${console.style.alarming(visibleText(line))}\n`);
  return check.kind === 'intact' && testimony.notCompared.length === 0 ? EXIT.good : EXIT.notGood;
}

export type VerifyBy = {
  readonly signing: SigningKey | null;
  readonly formerKeys: readonly string[];
  readonly file: string | null;
  readonly testimony: Testimony;
};

function printIntact(
  { entries, last, checkpointed, removals }: Extract<RecordCheck, { kind: 'intact' }>,
  { isKeyKnown, agrees }: { readonly isKeyKnown: boolean; readonly agrees: readonly string[] },
  { out, style, words }: Console,
): void {
  const { cli, erase, record } = words;
  const mark = last === null ? null : plainText(record.entryMark(last));
  out(`${style.reassuring(cli.recordIntact(entries, mark))}\n`);
  out(`${cli.recordCheckpointed(checkpointed, isKeyKnown)}\n`);
  for (const removal of removals.newest) out(`${erase.removal(removal)}\n`);
  const more = removals.total - removals.newest.length;
  if (more > 0) out(`${erase.moreRemovals(more)}\n`);
  for (const line of agrees) out(`${line}\n`);
}

/** Null: there is no checkpoint in the file, which has been said. */
async function keptIn(file: string, console: Console): Promise<readonly KeptCheckpoint[] | null> {
  const { cli, systemError } = console.words;
  try {
    const notes = notesIn(await readFile(file, 'utf8'));
    if (notes.length > 0) return notes.map((note) => ({ note, source: { kind: 'file', file } }));
    console.err(`${cli.noCheckpointIn(visibleText(file))}\n`);
  } catch (error) {
    console.err(`${cli.checkpointsUnreadable(visibleText(file), systemError.systemClause(systemProblem(error)))}\n`);
  }
  return null;
}
