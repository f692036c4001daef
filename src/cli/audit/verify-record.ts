import { readFile } from 'node:fs/promises';
import { notesIn } from '../../hash/checkpoint.ts';
import type { SigningKey } from '../../model/settings/settings.ts';
import { systemProblem } from '../../model/system-problem.ts';
import type { KeptCheckpoint } from '../../record/check-checkpoints.ts';
import { plainText } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { AuditTrail } from '../../workflow/ports.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';
import { recordKeys } from './record-key.ts';

/**
 * `audit verify`: every broken entry by name.
 *
 * @param file checkpoints that someone else kept; null: only those in the record are compared
 */
export async function verifyRecord(
  trail: AuditTrail,
  { signing, formerKeys, file }: { signing: SigningKey | null; formerKeys: readonly string[]; file: string | null },
  console: Console,
): Promise<number> {
  const kept = file === null ? [] : await keptIn(file, console);
  if (kept === null) return EXIT.usage;
  const keys = await recordKeys(signing, formerKeys);
  const { cli, record, store } = console.words;
  const check = await trail.verify({ keys, kept });
  if (check.kind === 'intact') {
    const last = check.last === null ? null : plainText(record.entryMark(check.last));
    console.out(`${console.style.reassuring(cli.recordIntact(check.entries, last))}\n`);
    console.out(`${cli.recordCheckpointed(check.checkpointed, keys.length > 0)}\n`);
    if (file !== null) console.out(`${cli.checkpointsAgree(visibleText(file), kept.length)}\n`);
    return EXIT.good;
  }
  for (const problem of check.problems) console.out(`${visibleText(store.recordProblem(problem))}\n`);
  console.out(`${console.style.alarming(cli.recordBroken(check.entries, check.problems.length))}\n`);
  return EXIT.notGood;
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
