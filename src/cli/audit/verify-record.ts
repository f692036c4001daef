import { plainText } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { AuditTrail } from '../../workflow/ports.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

/** `audit verify`: every broken entry by name. */
export async function verifyRecord(trail: AuditTrail, console: Console): Promise<number> {
  const check = await trail.verify();
  if (check.kind === 'intact') {
    const last = check.last === null ? null : plainText(console.words.record.entryMark(check.last));
    console.out(`${console.style.reassuring(console.words.cli.recordIntact(check.entries, last))}\n`);
    return EXIT.good;
  }
  for (const problem of check.problems) console.out(`${visibleText(console.words.store.recordProblem(problem))}\n`);
  console.out(`${console.style.alarming(console.words.cli.recordBroken(check.entries, check.problems.length))}\n`);
  return EXIT.notGood;
}
