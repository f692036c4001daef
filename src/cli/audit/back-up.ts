import { backUpRecord } from '../../compose/record/record-backup.ts';
import { OperatorError } from '../../model/operator-error.ts';
import { systemProblem } from '../../model/system-problem.ts';
import { plainText } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

/** `audit backup FILE`: a copy of the record at one moment, while the bot runs. The copy is verified before it is called one. */
export async function backUp(url: string, file: string, { words, out, err }: Console): Promise<number> {
  const { backup, record, systemError } = words;
  const name = visibleText(file);
  try {
    const copy = await backUpRecord(url, file);
    if (copy.kind !== 'copied') {
      err(copy.kind === 'exists' ? backup.fileExists(name) : backup.ON_SERVER);
      return EXIT.usage;
    }
    const { check } = copy;
    if (check.kind === 'broken') {
      err(backup.copyBroken(name, check.problems.length));
      return EXIT.notGood;
    }
    out(`${backup.backedUp(name, check.entries, check.last && plainText(record.entryMark(check.last)))}\n`);
    return EXIT.good;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    err(backup.notWritten(name, systemError.systemClause(systemProblem(error))));
    return EXIT.notGood;
  }
}
