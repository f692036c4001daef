import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

/** `audit checkpoint`: the newest signed checkpoint, to be kept where the bot can't reach. */
export async function printCheckpoint(trail: AuditTrail, console: Console): Promise<number> {
  const checkpoint = await trail.newestCheckpoint();
  if (checkpoint === null) {
    console.err(`${console.words.cli.NO_CHECKPOINT}\n`);
    return EXIT.notGood;
  }
  console.out(checkpoint.note);
  return EXIT.good;
}
